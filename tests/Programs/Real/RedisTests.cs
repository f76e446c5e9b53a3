using System.Globalization;
using Sluice.Programs.Processes;

namespace Sluice.Programs.Real;

/// <summary>redis-benchmark and redis-cli.</summary>
public sealed class RedisTests
{
    [Theory(Timeout = 180_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TheBenchmarkRunsAndTheDataIsTheSame(bool bypasses)
    {
        string benchmark = Installed.Require("redis-benchmark"), cli = Installed.Require("redis-cli");
        using var scratch = new Scratch();
        int port = Ports.Free();
        string upstream = $"127.0.0.1:{port}";
        await using var redis = new Child(
            Installed.Require("redis-server"), ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--dir", scratch.Root]);
        await redis.UntilListeningAsync(port);
        await using SluiceProcess sluice = await SluiceProcess.StartAsync(upstream, bypasses);
        int through = sluice.To(upstream).Port;

        string report = await RunAsync(
            benchmark, through, "-n", "20000", "-c", "50", "-P", "4", "-d", "512", "-r", "1000", "-t", "set,get,lpush,lrange_100", "--csv");
        Assert.Contains("\"SET\"", report, StringComparison.Ordinal);
        Assert.DoesNotContain("error", report, StringComparison.OrdinalIgnoreCase);

        // A value larger than every buffer on the way, written through the daemon and read back both ways.
        string large = await scratch.WriteAsync("large", string.Concat(Enumerable.Range(0, 400_000).Select(i => i.ToString("x8", CultureInfo.InvariantCulture))));
        Assert.Equal("OK", (await ShellAsync($"{cli} -p {through} -x SET large < {large}")).Trim());
        string expected = await System.IO.File.ReadAllTextAsync(large, TestContext.Current.CancellationToken);
        Assert.Equal(expected, (await RunAsync(cli, through, "--raw", "GET", "large")).TrimEnd('\n'));
        string digest = await RunAsync(cli, port, "DEBUG", "DIGEST");
        Assert.Equal(digest, await RunAsync(cli, through, "DEBUG", "DIGEST"));
        if (bypasses)
            await sluice.AssertBypassedAsync(10_000);
    }

    private static async Task<string> RunAsync(string program, int port, params string[] arguments)
    {
        await using var child = new Child(program, ["-p", $"{port}", .. arguments]);
        return await child.SucceedAsync();
    }

    private static async Task<string> ShellAsync(string command)
    {
        await using var shell = new Child("/bin/sh", ["-c", command]);
        return await shell.SucceedAsync();
    }
}
