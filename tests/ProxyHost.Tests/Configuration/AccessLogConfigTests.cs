using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Tests.Configuration;

public class AccessLogConfigTests
{
    [Fact]
    public void True_and_false_mean_what_they_meant()
    {
        Assert.Equal((true, AccessLogConfig.Default), Read("true"));
        Assert.Equal((false, AccessLogConfig.Default), Read("false"));
    }

    [Fact]
    public void Every_key_can_be_given() => Assert.Equal(
        (true, new AccessLogConfig(LogFormat.Json, ["id", "end"], 1000, AtOpen: true, TimeSpan.FromMinutes(1))),
        Read("{ format: json, fields: [id, end], sample: 1000, at_open: true, interval: 1m }"));

    [Theory]
    [InlineData("{ fields: [id, endpiont] }", "test.yaml:9:26: log.access.fields[1]: there is no field `endpiont`; did you mean `endpoint`?")]
    [InlineData("{ feilds: [id] }", "test.yaml:9:13: log.access: ")]
    [InlineData("{ sample: 0 }", "test.yaml:9:21: log.access.sample: `0` is out of range; it may be 1 to 1000000")]
    [InlineData("{ interval: 1ms }", "test.yaml:9:23: log.access.interval: `1ms` is out of range; it may be 1s to 1d")]
    [InlineData("{ format: xml }", "test.yaml:9:21: log.access.format: expected `text` or `json`, found `xml`")]
    [InlineData("yes", "test.yaml:9:11: log.access: expected `true` or `false`, found `yes`; write true")]
    public void A_mistake_is_told_with_its_place(string value, string error) =>
        Assert.StartsWith(error, Assert.Single(Reading.Errors(Of(value))), StringComparison.Ordinal);

    private static (bool, AccessLogConfig) Read(string value) => Reading.Good(Of(value)).Log is var log ? (log.Access, log.AccessLog) : default;

    private static string Of(string value) => $"{Reading.Minimal}log:\n  access: {value}\n";
}
