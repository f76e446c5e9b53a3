using System.Globalization;

namespace Sluice.Load.Accounting;

/// <summary>A process's user and system time, with that of its children that have ended, from /proc/PID/stat.</summary>
internal static class ProcessCpu
{
    // Counted from behind the name, which may contain spaces: state is 0.
    private const int UserTime = 11;
    private const int Times = 4;

    /// <summary>The sum over <paramref name="pids"/>; a process that has ended counts nothing.</summary>
    public static TimeSpan Read(IEnumerable<int> pids) =>
        pids.Aggregate(TimeSpan.Zero, (sum, pid) => sum + Read(pid));

    private static TimeSpan Read(int pid)
    {
        string stat;
        try
        {
            stat = File.ReadAllText($"/proc/{pid}/stat");
        }
        catch (IOException)
        {
            return TimeSpan.Zero;
        }

        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return SystemCpu.Tick * fields[UserTime..(UserTime + Times)].Sum(Parse);
    }

    private static long Parse(string field) => long.Parse(field, CultureInfo.InvariantCulture);
}
