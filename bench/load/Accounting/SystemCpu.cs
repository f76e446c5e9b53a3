using System.Globalization;

namespace Sluice.Load.Accounting;

/// <summary>
/// Processor time of the whole machine since boot, from the first line of /proc/stat. Busy is user, nice, system, irq and
/// softirq: what idle, iowait and steal (a hypervisor's other guests) are not.
/// </summary>
internal readonly record struct SystemCpu(TimeSpan Busy, TimeSpan Steal)
{
    // USER_HZ, which Linux fixes at 100 for everything in /proc on x86-64 and arm64.
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    public static SystemCpu Read()
    {
        using StreamReader stat = new("/proc/stat");
        long[] ticks = [.. stat.ReadLine()!.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(field => long.Parse(field, CultureInfo.InvariantCulture))];
        return new SystemCpu(Tick * (ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6]), Tick * ticks[7]);
    }
}
