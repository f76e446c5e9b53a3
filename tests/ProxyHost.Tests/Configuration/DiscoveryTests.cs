using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Tests.Configuration;

public class DiscoveryTests
{
    [Fact]
    public void A_word_is_enough_and_the_rest_is_as_documented()
    {
        DiscoveryConfig discovery = Read("[db.example:5432]", "dns")!;
        Assert.Equal(DiscoveryConfig.Default, discovery);
        Assert.Equal(
            (DiscoveryType.Dns, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(2), TimeSpan.Zero, TimeSpan.Zero, true),
            (discovery.Type, discovery.MinTtl, discovery.MaxTtl, discovery.Timeout, discovery.Interval, discovery.ExpireAfter, discovery.Resolvers.IsEmpty));
    }

    [Fact]
    public void Every_key_can_be_given()
    {
        DiscoveryConfig discovery = Read(
            "[_pg._tcp.example, 10.0.0.1:5432]",
            "{ type: srv, interval: 5s, min_ttl: 2s, max_ttl: 1h, resolver: [10.0.0.2, \"10.0.0.3:5353\", \"[::1]\", \"[::1]:54\"], timeout: 1s, expire_after: 1d }")!;
        Assert.Equal("10.0.0.2:53 10.0.0.3:5353 [::1]:53 [::1]:54", string.Join(' ', discovery.Resolvers));
        Assert.Equal(
            (DiscoveryType.Srv, 5, 2, 3600, 1, 86400),
            (discovery.Type, discovery.Interval.TotalSeconds, discovery.MinTtl.TotalSeconds, discovery.MaxTtl.TotalSeconds, discovery.Timeout.TotalSeconds, discovery.ExpireAfter.TotalSeconds));
    }

    [Theory]
    [InlineData("[db.example:5432]", "dmz", "8:16: clusters[0].discovery: expected `dns` or `srv`, found `dmz`")]
    [InlineData("[db.example:5432]", "{ resolve: 10.0.0.1 }", "8:18: clusters[0].discovery: unknown key `resolve`; did you mean `resolver`?")]
    [InlineData("[db.example:5432]", "{ resolver: ns.example }", "8:28: clusters[0].discovery.resolver: `ns.example` is not an IP address")]
    [InlineData("[db.example:5432]", "{ resolver: [\"10.0.0.1:70000\"] }", "8:29: clusters[0].discovery.resolver[0]: port 70000 is out of range")]
    [InlineData("[db.example:5432]", "{ resolver: [\"::1\"] }", "lacks the brackets")]
    [InlineData("[db.example:5432]", "{ timeout: 2m }", "8:27: clusters[0].discovery.timeout: `2m` is out of range")]
    [InlineData("[db.example:5432]", "{ min_ttl: 10m }", "clusters[0].discovery: `min_ttl` is longer than `max_ttl`")]
    [InlineData("[10.0.0.1:5432]", "dns", "clusters[0].discovery: no endpoint is a host name, so there is nothing to discover")]
    [InlineData("[db.example:5432]", "srv", "clusters[0].endpoints: `db.example:5432` has a port, and SRV records have their own")]
    [InlineData("[_pg._tcp.example]", "dns", "clusters[0].endpoints: `_pg._tcp.example` has no port; add one, or `discovery: srv`")]
    public void Mistakes_are_told(string endpoints, string discovery, string expected) =>
        Assert.Contains(Reading.Errors(Yaml(endpoints, discovery)), error => error.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void The_name_of_a_service_needs_a_discovery() => Assert.Contains(
        Reading.Errors(Reading.Endpoints("[_pg._tcp.example]")), error => error.Contains("`_pg._tcp.example` has no port", StringComparison.Ordinal));

    private static DiscoveryConfig? Read(string endpoints, string discovery) => Reading.Good(Yaml(endpoints, discovery)).Clusters[0].Discovery;

    private static string Yaml(string endpoints, string discovery) => $"{Reading.Endpoints(endpoints).TrimEnd()}\n    discovery: {discovery}\n";
}
