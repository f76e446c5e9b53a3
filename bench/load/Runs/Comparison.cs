using Sluice.Load.Accounting;
using Sluice.Load.Proxies;
using Sluice.Load.Traffic;

namespace Sluice.Load.Runs;

/// <summary>Measures every scenario through every proxy, round by round, in an order that rotates so that none always goes first.</summary>
internal sealed class Comparison(
    IReadOnlyList<Scenario> scenarios, IReadOnlyList<ChildProcess> servers, TimeSpan duration, TimeSpan warmUp, Func<Scenario, IProxy, bool> wanted)
{
    public IReadOnlyList<Round> Run(IReadOnlyList<IProxy> proxies, int rounds)
    {
        List<Round> results = [];
        List<RunningProxy> running = [];
        try
        {
            foreach (IProxy proxy in proxies.Where(proxy => scenarios.Any(scenario => wanted(scenario, proxy))))
                running.Add(RunningProxy.Start(proxy));
            for (int number = 1; number <= rounds; number++)
            {
                foreach (Scenario scenario in scenarios)
                    results.AddRange(RunRound(number, scenario, [.. running.Where(proxy => wanted(scenario, proxy.Proxy))]));
            }
        }
        finally
        {
            running.ForEach(proxy => proxy.Dispose());
        }
        return results;
    }

    private IEnumerable<Round> RunRound(int number, Scenario scenario, RunningProxy[] proxies)
    {
        for (int i = 0; i < proxies.Length; i++)
        {
            RunningProxy proxy = proxies[(i + number - 1) % proxies.Length];
            Round round = MeasureOrExplain(number, scenario, proxy);
            Console.Error.WriteLine(FormattableString.Invariant(
                $"round {number} {scenario.Name,-9} {proxy.Proxy.Name,-16} {round.Rate,10:0.##} {(round.Errors > 0 ? $"ERRORS {round.Errors}: {round.FirstError}" : "")}"));
            yield return round;
        }
    }

    private Round MeasureOrExplain(int number, Scenario scenario, RunningProxy proxy)
    {
        try
        {
            return Measure(number, scenario, proxy);
        }
        catch (IOException failure)
        {
            throw new IOException($"{scenario.Name} through {proxy.Proxy.Name}: {failure.Message} It said:\n{proxy.Process?.LastWords}", failure);
        }
    }

    private Round Measure(int number, Scenario scenario, RunningProxy proxy)
    {
        int port = proxy.Proxy.Ports[scenario.Service];
        if (warmUp > TimeSpan.Zero)
        {
            using ITraffic warm = scenario.Open(port);
            warm.Run(warmUp);
        }

        IReadOnlyList<int> proxyPids = proxy.Pids;
        using ITraffic traffic = scenario.Open(port);
        using IDisposable? disturbance = proxy.Process is { } process ? proxy.Proxy.Disturb(process) : null;
        TimeSpan proxyBefore = ProcessCpu.Read(proxyPids), othersBefore = ReadToolAndServer();
        SystemCpu before = SystemCpu.Read();
        Sample sample = traffic.Run(duration);
        SystemCpu after = SystemCpu.Read();
        TimeSpan proxyCpu = ProcessCpu.Read(proxyPids) - proxyBefore;
        TimeSpan ours = ReadToolAndServer() - othersBefore + proxyCpu;

        TimeSpan busy = after.Busy - before.Busy;
        bool isBulk = scenario.Unit == ScenarioUnit.Gigabytes;
        return new Round(
            number,
            scenario.Name,
            proxy.Proxy.Name,
            isBulk ? sample.Bytes * 8 / 1e9 / sample.Elapsed.TotalSeconds : sample.Requests / sample.Elapsed.TotalSeconds,
            sample.Latency?.Microseconds(0.50) ?? double.NaN,
            sample.Latency?.Microseconds(0.99) ?? double.NaN,
            PerUnit(busy),
            proxy.Process is null ? double.NaN : PerUnit(proxyCpu),
            busy / sample.Elapsed,
            busy > TimeSpan.Zero ? Math.Max(0, (busy - ours) / busy) : 0,
            (after.Steal - before.Steal) / (sample.Elapsed * Environment.ProcessorCount),
            sample.Errors.Count,
            sample.Errors.First);

        double PerUnit(TimeSpan cpu) => isBulk ? cpu.TotalSeconds / (sample.Bytes / 1e9) : cpu.TotalMicroseconds / sample.Requests;
    }

    private TimeSpan ReadToolAndServer() => ProcessCpu.Read([Environment.ProcessId, .. servers.SelectMany(server => server.Pids)]);
}
