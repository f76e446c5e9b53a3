using System.Globalization;
using Sluice.Programs.Processes;
using Sluice.Programs.Real;

namespace Sluice.Programs.Examples;

/// <summary>same-host-bypass.yaml with redis and its clients, of which one blocks.</summary>
public sealed class SameHostBypassTests
{
    [Fact(Timeout = 120_000)]
    public async Task WhatRedisAndItsClientsSendGoesPastTheDaemonAndIsWhatRedisHas()
    {
        string cli = Installed.Require("redis-cli"), benchmark = Installed.Require("redis-benchmark");
        using var scratch = new Scratch();
        (int redisPort, int port) = (Ports.Free(), Ports.Free());
        await using var redis = new Child(
            Installed.Require("redis-server"), ["--port", $"{redisPort}", "--bind", "127.0.0.1", "--save", "", "--dir", scratch.Root]);
        await redis.UntilListeningAsync(redisPort);
        await using SluiceProcess sluice = await SluiceProcess.StartExampleAsync(
            "same-host-bypass.yaml", ("REDIS_LISTEN", $"127.0.0.1:{port}"), ("REDIS_ENDPOINT", $"127.0.0.1:{redisPort}"));
        await sluice.LoggedAsync("offload: ", "on this host may send past the proxy");

        string through = port.ToString(CultureInfo.InvariantCulture);
        string report = await Child.RunAsync(benchmark, "-p", through, "-n", "20000", "-c", "20", "-d", "512", "-r", "1000", "-t", "set,get,lpush,lrange_100", "--csv");
        Assert.DoesNotContain("error", report, StringComparison.OrdinalIgnoreCase);
        await sluice.AssertBypassedAsync(100_000);
        Assert.Equal(await Child.RunAsync(cli, "-p", $"{redisPort}", "DEBUG", "DIGEST"), await Child.RunAsync(cli, "-p", through, "DEBUG", "DIGEST"));
        Assert.Equal("20000\n", await Child.RunAsync(cli, "-p", through, "-r", "1", "EVAL", "for i=1,20000 do redis.call('RPUSH','list',i) end return redis.call('LLEN','list')", "0"));
        string list = await Child.RunAsync(cli, "-p", through, "LRANGE", "list", "0", "-1");
        Assert.Equal(string.Concat(Enumerable.Range(1, 20_000).Select(i => $"{i}\n")), list);
    }
}
