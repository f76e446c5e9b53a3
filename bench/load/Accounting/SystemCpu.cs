using System.Diagnostics;
using System.Globalization;

namespace Sluice.Load.Accounting;

/// <summary>
/// Processor time of the whole machine, from /proc/stat. Busy is all the time that no processor was idle, waiting for input or
/// output, or taken by a hypervisor's other guests (steal). The kernel measures idle time; user and system time it samples at its timer's
/// tick, which a load that wakes by a timer meets always or never. Only differences of two readings mean anything.
/// </summary>
internal readonly record struct SystemCpu(TimeSpan Busy, TimeSpan Steal)
{
    // USER_HZ, which Linux fixes at 100 for everything in /proc on x86-64 and arm64.
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    public static SystemCpu Read()
    {
        string[] lines = File.ReadAllLines("/proc/stat");
        long now = Stopwatch.GetTimestamp();
        long[] ticks = [.. lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(field => long.Parse(field, CultureInfo.InvariantCulture))];
        int processors = lines.Count(line => line.StartsWith("cpu", StringComparison.Ordinal)) - 1;
        TimeSpan steal = Tick * ticks[7];
        return new SystemCpu((Stopwatch.GetElapsedTime(0, now) * processors) - (Tick * (ticks[3] + ticks[4])) - steal, steal);
    }
}
