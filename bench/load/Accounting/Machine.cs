using System.Globalization;
using Sluice.Load.Proxies;

namespace Sluice.Load.Accounting;

/// <summary>Where and with what a run was made: figures mean nothing without it.</summary>
internal sealed record Machine(
    DateTimeOffset Date,
    string Commit,
    string Kernel,
    string Processor,
    int Cores,
    double MemoryGiB,
    double LoadAverage,
    string Runtime,
    IReadOnlyDictionary<string, string> Programs)
{
    public static Machine Describe(IEnumerable<IProxy> proxies) => new(
        DateTimeOffset.UtcNow,
        ProgramVersion.Of("git", "-C", SluicePublisher.Checkout, "describe", "--always", "--dirty") ?? "unknown",
        File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        ProcessorName(),
        Environment.ProcessorCount,
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Math.ScaleB(1, 30), 1),
        double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture),
        Environment.Version.ToString(),
        proxies.Where(proxy => proxy.Version is not null).ToDictionary(proxy => proxy.Name, proxy => proxy.Version!));

    private static string ProcessorName() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
        ?? System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString();
}
