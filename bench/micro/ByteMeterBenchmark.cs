using BenchmarkDotNet.Attributes;
using Sluice.Redirect.Splicing;

namespace Sluice.Micro;

/// <summary>
/// What counting costs per read. A meter of one's own is the design (one per reactor); a shared one is what it avoids:
/// there, the cache line travels between cores with every count.
/// </summary>
public class ByteMeterBenchmark
{
    private const int Counts = 1_000_000;

    [Params(1, 2)]
    public int Threads { get; set; }

    [Benchmark(Baseline = true, OperationsPerInvoke = Counts)]
    public void OwnMeter() => Count(_ => new ByteMeter());

    [Benchmark(OperationsPerInvoke = Counts)]
    public void SharedMeter()
    {
        ByteMeter shared = new();
        Count(_ => shared);
    }

    private void Count(Func<int, ByteMeter> meterOf)
    {
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(i => new Thread(() =>
        {
            ByteMeter meter = meterOf(i);
            for (int n = 0; n < Counts; n++)
                meter.Add(default, default, 512);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
    }
}
