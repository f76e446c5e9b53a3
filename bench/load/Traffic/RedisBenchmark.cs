using System.Globalization;
using Sluice.Load.Proxies;
using Sluice.Load.Servers;

namespace Sluice.Load.Traffic;

/// <summary>redis-benchmark with one command. It counts requests and not seconds: a short run first tells how many fill the time.</summary>
internal sealed class RedisBenchmark(int port, string command) : ITraffic
{
    private const int First = 5000;
    private readonly double _expected = Measure(port, command, First);

    public Sample Run(TimeSpan duration)
    {
        long requests = Math.Max(First, (long)(_expected * duration.TotalSeconds));
        double rate = Measure(port, command, requests);
        return new Sample(TimeSpan.FromSeconds(requests / rate), requests, 0, null, new ErrorLog());
    }

    public void Dispose()
    {
    }

    // "test","rps", and further columns, and a row: "SET","43859.65",…
    private static double Measure(int port, string command, long requests)
    {
        string output = ProgramOutput.Require(Installed.Find("redis-benchmark")!, "-h", "127.0.0.1", "-p", $"{port}", "-t", command, "-n", $"{requests}", "--csv");
        string[] row = output.Trim().Split('\n')[^1].Split(',');
        return double.Parse(row[1].Trim('"'), CultureInfo.InvariantCulture);
    }
}
