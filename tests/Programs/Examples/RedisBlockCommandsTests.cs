using System.Net.Sockets;
using System.Text;
using Sluice.Functional.Wire;
using Sluice.Programs.Processes;
using Sluice.Programs.Real;

namespace Sluice.Programs.Examples;

/// <summary>redis-block-commands.yaml with redis, its client, and commands written byte by byte.</summary>
public sealed class RedisBlockCommandsTests
{
    [Fact(Timeout = 120_000)]
    public async Task WhatIsBlockedEndsItsConnectionHoweverItIsWrittenAndNothingElse()
    {
        string cli = Installed.Require("redis-cli");
        using var scratch = new Scratch();
        (int redisPort, int port) = (Ports.Free(), Ports.Free());
        await using var redis = new Child(
            Installed.Require("redis-server"), ["--port", $"{redisPort}", "--bind", "127.0.0.1", "--save", "", "--dir", scratch.Root]);
        await redis.UntilListeningAsync(redisPort);
        await using SluiceProcess sluice = await SluiceProcess.StartExampleAsync(
            "redis-block-commands.yaml", ("REDIS_LISTEN", $"127.0.0.1:{port}"), ("REDIS_ENDPOINT", $"127.0.0.1:{redisPort}"));
        using Socket bystander = await Sockets.DialAsync(Watching.Loopback(port));

        Assert.Equal("OK\n", await Child.RunAsync(cli, "-p", $"{port}", "SET", "key", "value"));
        string[][] blocked =
        [
            ["FLUSHALL"], ["flushall"], ["FlushAll", "ASYNC"], ["FLUSHDB"],
            ["CONFIG", "SET", "maxmemory", "1"], ["config", "get", "*"],
        ];
        foreach (string[] command in blocked)
        {
            await using var client = new Child(cli, ["-p", $"{port}", .. command]);
            await client.ExitAsync();
            Assert.StartsWith("Error: ", client.Output, StringComparison.Ordinal); // the words depend on whether it was writing or reading
            await PingAsync(bystander);
        }

        foreach (string command in (string[])["*1\r\n$8\r\nFLUSHALL\r\n", "flushALL\r\n", "FLUSHALL async\r\n", "*3\r\n$6\r\nConfig\r\n$3\r\nGET\r\n$1\r\n*\r\n"])
        {
            await IsRefusedAsync(port, $"*3\r\n$3\r\nSET\r\n$8\r\npipeline\r\n$4\r\ndone\r\n{command}PING\r\n", most: 1000);
            await IsRefusedAsync(port, $"PING\r\n{command}", most: 1);
            await PingAsync(bystander);
        }

        // What came before the blocked command in its pipeline was done.
        Assert.Equal("done\n", await Child.RunAsync(cli, "-p", $"{port}", "GET", "pipeline"));
        Assert.Equal("value\n", await Child.RunAsync(cli, "-p", $"{port}", "GET", "key"));
        Assert.Contains("key\n", await Child.RunAsync(cli, "-p", $"{port}", "KEYS", "*"), StringComparison.Ordinal);
        await sluice.CountedAsync("no-flush", 4 + 6);
        await sluice.CountedAsync("no-config", 2 + 2);
        await sluice.CountedAsync("would-be-slow", 1, shadow: true);
        await sluice.LoggedAsync("-> redis -> redis", "rule_reset", "by rule redis-guard/no-flush");
        await sluice.LoggedAsync("-> redis -> redis", "rule_reset", "by rule redis-guard/no-config");
        Assert.Single(await sluice.ConnectionsAsync(all => all.Length == 1));
    }

    private static async Task PingAsync(Socket client)
    {
        await client.SendAllAsync("PING\r\n"u8.ToArray());
        Assert.Equal("+PONG\r\n", Encoding.ASCII.GetString(await client.ReceiveExactlyAsync(7)));
    }

    private static async Task IsRefusedAsync(int port, string commands, int most)
    {
        using Socket client = await Sockets.DialAsync(Watching.Loopback(port));
        Task<(byte[] Bytes, Ending Ending)> answers = client.ReceiveToEndAsync();
        byte[] bytes = Encoding.ASCII.GetBytes(commands);
        try
        {
            for (int from = 0; from < bytes.Length; from += most)
                await client.SendAllAsync(bytes.AsMemory(from, Math.Min(most, bytes.Length - from)));
        }
        catch (SocketException error) when (error.IsReset)
        {
            // It was refused before its last byte. The kernel tells an RST once, so a read would see an end like any other.
            await answers;
            return;
        }

        Assert.Equal(Ending.Rst, (await answers).Ending);
    }
}
