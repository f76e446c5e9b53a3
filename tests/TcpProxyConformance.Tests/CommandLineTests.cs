using System.Net;
using Sluice.Functional.Wire;
using Sluice.Programs.Processes;
using Sluice.Programs.Real;
using TcpProxyConformance.Cli;
using TcpProxyConformance.Reports;
using TcpProxyConformance.Runs;
using TcpProxyConformance.Tests.Broken;

namespace TcpProxyConformance.Tests;

/// <summary>What a user types, and what comes of it.</summary>
public sealed class CommandLineTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("There is no case half-closed; did you mean half-close-by-client?", "--direct", "--case", "half-closed")]
    [InlineData("There is no case slow; did you mean slow-", "--direct", "--known", "slow")]
    [InlineData("Name the proxy with --through host:port")]
    [InlineData("or play without one with --direct", "--through", "127.0.0.1:80")]
    [InlineData("'localhost' is not host:port", "--through", "localhost", "--upstream-port", "9000")]
    [InlineData("'70000' is not a number from 0 to 65535", "--direct", "--upstream-port", "70000")]
    [InlineData("'loopback' is not an IP address", "--direct", "--upstream-host", "loopback")]
    public async Task AMistakeIsSaidAndNothingIsPlayed(string message, params string[] args)
    {
        Tool tool = await Tool.RunAsync(args);
        Assert.Equal(ExitCode.Usage, tool.ExitCode);
        Assert.Contains(message, tool.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("pass", tool.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheListHasWhatIsRequiredAndWhy()
    {
        Tool tool = await Tool.RunAsync("--list", "--case", "urgent-byte");
        Assert.Equal(ExitCode.Success, tool.ExitCode);
        Assert.StartsWith("urgent-byte  (informative)\n", tool.Output, StringComparison.Ordinal);
        Assert.Contains("See: RFC 9293, 3.8.5; RFC 6093", tool.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HelpHasExamplesAndExitCodes() => Assert.Contains("69  the upstream's port", (await Tool.RunAsync("--help")).Output, StringComparison.Ordinal);

    [Fact(Timeout = 60_000)]
    public async Task AProxyThatIsNotThereIsSaid()
    {
        Tool tool = await Tool.RunAsync("--through", $"127.0.0.1:{Ports.Free()}", "--upstream-port", $"{Ports.Free()}");
        Assert.Equal(ExitCode.Unavailable, tool.ExitCode);
        Assert.Contains("cannot be connected to (ConnectionRefused). Start the proxy", tool.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task AProxyThatForwardsElsewhereIsSaid()
    {
        using var elsewhere = new Server();
        Tool tool = await Tool.RunAsync("--through", $"{elsewhere.EndPoint}", "--upstream-port", $"{Ports.Free()}", "--timeout", "0.3");
        Assert.Equal(ExitCode.Unavailable, tool.ExitCode);
        Assert.Contains("accepts connections, but none arrives at 127.0.0.1:", tool.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task AProxyHeaderIsSaid()
    {
        int port = Ports.Free();
        await using HaProxyProcess proxy = await HaProxyProcess.StartAsync(new IPEndPoint(IPAddress.Loopback, port), "send-proxy");
        Tool tool = await Tool.RunAsync("--through", $"{proxy.EndPoint}", "--upstream-port", $"{port}", "--timeout", "0.5");
        Assert.Equal(ExitCode.Unavailable, tool.ExitCode);
        Assert.Contains("it begins with a PROXY header", tool.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task APortThatSomebodyHasIsSaid()
    {
        using var somebody = new Server();
        Tool tool = await Tool.RunAsync("--direct", "--upstream-port", $"{((IPEndPoint)somebody.EndPoint).Port}");
        Assert.Equal(ExitCode.Unavailable, tool.ExitCode);
        Assert.Contains("This tool is the upstream: stop what listens there", tool.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task AFailureIsToldInFullUnlessItIsKnown()
    {
        int port = Ports.Free();
        using var proxy = new BrokenProxy(new IPEndPoint(IPAddress.Loopback, port), Flaw.ResetAsFin);
        string[] run = ["--through", $"{proxy.EndPoint}", "--upstream-port", $"{port}", "--case", "reset-by-*", "--case", "bytes-1"];
        Tool failed = await Tool.RunAsync(run);
        Assert.Equal(ExitCode.Failures, failed.ExitCode);
        Assert.Matches("FAIL +reset-by-client .*FIN for RST\n +expected: at the upstream 0 bytes, sha256 [0-9a-f]{16}, then RST\n +seen: +0 bytes", failed.Output);
        Assert.Contains("1 passed, 2 failed", failed.Output, StringComparison.Ordinal);

        using var scratch = new Scratch();
        string file = await scratch.WriteAsync("known", "# what we live with\nreset-by-client  # ticket 7\n");
        Tool known = await Tool.RunAsync([.. run, "--expect", file, "--known", "reset-by-up*", "--known", "bytes-1"]);
        Assert.Equal(ExitCode.Success, known.ExitCode);
        Assert.Contains("1 passed, 0 failed, 2 known to fail", known.Output, StringComparison.Ordinal);
        Assert.Equal("bytes-1 is known to fail, and passes: take it off the list.\n", known.Error);

        Assert.Equal(ExitCode.NoInput, (await Tool.RunAsync([.. run, "--expect", scratch.File("none")])).ExitCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task ReportsAreReadAgainAndPutSideBySide()
    {
        using var scratch = new Scratch();
        Tool json = await Tool.RunAsync("--direct", "--case", "bytes-*", "--case", "urgent-byte", "--name", "wire", "--format", "json", "--seed", "7");
        RunResult run = JsonReport.Read(json.Output);
        Assert.Equal(("wire", "direct", 7, 6), (run.Name, run.Through, run.Seed, run.Count(Outcome.Pass)));

        string file = await scratch.WriteAsync("wire.json", json.Output);
        Tool table = await Tool.RunAsync("compare", file, await scratch.WriteAsync("other.json", json.Output.Replace("\"wire\"", "\"other\"", StringComparison.Ordinal)));
        Assert.Equal(ExitCode.Success, table.ExitCode);
        Assert.Contains("| Required | wire | other |\n| --- | --- | --- |\n| `bytes-0` | pass | pass |\n", table.Output, StringComparison.Ordinal);
        Assert.Contains("| `urgent-byte` | out of band | out of band |\n", table.Output, StringComparison.Ordinal);

        Tool unreadable = await Tool.RunAsync("compare", await scratch.WriteAsync("none.json", "{}"));
        Assert.Equal(ExitCode.NoInput, unreadable.ExitCode);
        Assert.Contains("is no report that --format json has written", unreadable.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task TheSameSeedSendsTheSameBytes()
    {
        string[] run = ["--direct", "--case", "random-cuts", "--format", "json", "--seed"];
        string Seen(Tool tool) => JsonReport.Read(tool.Output).Cases.Single().Seen;
        string once = Seen(await Tool.RunAsync([.. run, "5"]));
        Assert.Equal(once, Seen(await Tool.RunAsync([.. run, "5"])));
        Assert.NotEqual(once, Seen(await Tool.RunAsync([.. run, "6"])));
    }
}
