using Sluice.Functional.Wire;
using Sluice.Oracle.Play;
using Sluice.Oracle.Ways;
using Sluice.Programs.Processes;

namespace Sluice.Faults;

/// <summary>One configuration after another is taken over while connections come, stream and go.</summary>
public sealed class ReloadTests
{
    private const int Scenarios = 100;
    private const int Reloads = 30;

    [Theory(Timeout = 180_000)]
    [InlineData("off")]
    [InlineData("sockmap")]
    public async Task NoConnectionNoticesThatTheConfigurationChangesAgainAndAgain(string offload)
    {
        using var venue = new Venue();
        using var stop = new CancellationTokenSource();
        await using SluiceProcess sluice = await SluiceProcess.StartAsync(
            [venue.ClientFirst.Address, venue.ServerFirst.Address], new SluiceSetup { Runtime = [$"offload: {offload}"] });
        if (offload == "sockmap")
            await sluice.LoggedAsync("offload: this kernel is trusted");
        var run = new OracleRun(venue, [Way.Through("reloading", sluice, venue)]);
        Task<int> reloading = ReloadAsync(sluice, stop.Token);
        while (run.Differences.Count == 0 && !reloading.IsCompleted)
            await run.PlayAsync(Enumerable.Range(0, Scenarios).Select(_ => Random.Shared.Next()), _ => true);
        await stop.CancelAsync();
        int reloads = await reloading;
        Assert.True(run.Differences.Count == 0, string.Join("\n\n", run.Differences.Take(3)));
        await Carried.AssertAsync(sluice, offload);
        TestContext.Current.TestOutputHelper!.WriteLine($"{run.Connections} connections, {run.Bytes:N0} bytes, {reloads} configurations");
    }

    // Each time other limits for all, a further listener that comes and goes, and another balance.
    private static async Task<int> ReloadAsync(SluiceProcess sluice, CancellationToken stop)
    {
        int extra = Ports.Free();
        string listener = $"listeners:\n  - name: extra\n    listen: 127.0.0.1:{extra}\n    cluster: echo\n";
        string cluster = "clusters:\n  - name: echo\n    endpoints: [\"builtin:echo\"]\n";
        int reloads = 0;
        for (; reloads < Reloads && !stop.IsCancellationRequested; reloads++)
        {
            int goal = reloads + 2;
            await sluice.ReloadAsync(text => text.Contains("name: extra", StringComparison.Ordinal)
                ? text.Replace(listener, "listeners:\n", StringComparison.Ordinal).Replace(cluster, "clusters:\n", StringComparison.Ordinal).Replace("max_connections: 19999", "max_connections: 20000", StringComparison.Ordinal)
                : text.Replace("listeners:\n", listener, StringComparison.Ordinal).Replace("clusters:\n", cluster, StringComparison.Ordinal).Replace("max_connections: 20000", "max_connections: 19999", StringComparison.Ordinal));
            await Deadline.UntilAsync(() => Generation(sluice) >= goal, () => $"generation {goal}; there is {Generation(sluice)}:\n{sluice.Log}");
        }

        return reloads;
    }

    private static double Generation(SluiceProcess sluice) => sluice.MetricsAsync().GetAwaiter().GetResult().Split('\n')
        .Where(line => line.StartsWith("sluice_config_generation", StringComparison.Ordinal))
        .Select(line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture))
        .Single();
}
