using Sluice.Functional.Scenarios;
using Sluice.Oracle.Play;
using Sluice.Oracle.Ways;
using Sluice.Programs.Processes;

namespace Sluice.Oracle;

/// <summary>
/// The same random scenarios directly, through every engine of the daemon and through HAProxy. An engine has to show both ends
/// what a direct connection shows them: bytes, hashes, and the kind and order of the ends. Where HAProxy does not, that is told.
/// </summary>
public sealed class OracleTests
{
    private const int Scenarios = 4000;
    private const int FewestConnections = 10_000;
    private const string HaProxy = "HAProxy";

    [Fact(Timeout = 900_000)]
    public async Task EveryEngineIsLikeADirectConnection()
    {
        using var venue = new Venue();
        await using HaProxyProcess clientFirst = await HaProxyProcess.StartAsync(venue.ClientFirst.EndPoint);
        await using HaProxyProcess serverFirst = await HaProxyProcess.StartAsync(venue.ServerFirst.EndPoint);
        List<EngineProcess> engines = [];
        try
        {
            foreach (Engine engine in Engine.All)
                engines.Add(await EngineProcess.StartAsync(engine, venue));
            var run = new OracleRun(venue, [.. engines.Select(engine => engine.Way), new Way(HaProxy, clientFirst.EndPoint, serverFirst.EndPoint)]);
            var time = System.Diagnostics.Stopwatch.StartNew();
            await run.PlayAsync(ScenarioSource.Seeds(Scenarios), difference => difference.Way != HaProxy);
            Report(run, time.Elapsed);
            Difference[] ours = [.. run.Differences.Where(difference => difference.Way != HaProxy)];
            Assert.True(ours.Length == 0, string.Join("\n\n", ours.Take(5)));
            Assert.True(run.Connections >= FewestConnections, $"only {run.Connections} connections");
            foreach (EngineProcess engine in ScenarioSource.IsReplay ? [] : engines) // one scenario need not reach every path
                TestContext.Current.TestOutputHelper!.WriteLine(await engine.ConcludeAsync());
        }
        finally
        {
            foreach (EngineProcess engine in engines)
                await engine.DisposeAsync();
        }
    }

    private static void Report(OracleRun run, TimeSpan time)
    {
        IEnumerable<Difference> haproxys = run.Differences.Where(difference => difference.Way == HaProxy).ToArray();
        string kinds = string.Join(", ", haproxys.CountBy(difference => difference.What).Select(kind => $"{kind.Key} {kind.Value}"));
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{run.Connections:N0} connections and {run.Bytes:N0} bytes in {time.TotalSeconds:F0} s; HAProxy differs from a direct connection in: {kinds}");
        foreach (Difference difference in haproxys.DistinctBy(difference => difference.What))
            TestContext.Current.TestOutputHelper!.WriteLine(difference.ToString());
    }
}
