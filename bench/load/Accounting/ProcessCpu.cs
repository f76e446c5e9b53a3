using System.Globalization;

namespace Sluice.Load.Accounting;

/// <summary>A process's own user and system time, from /proc/PID/stat.</summary>
internal static class ProcessCpu
{
    // Counted from behind the name, which may contain spaces: state is 0.
    private const int UserTime = 11;
    private const int SystemTime = 12;

    /// <summary>The sum over <paramref name="pids"/>; a process that has ended counts nothing.</summary>
    public static TimeSpan Read(IEnumerable<int> pids) =>
        pids.Aggregate(TimeSpan.Zero, (sum, pid) => sum + Read(pid));

    private static TimeSpan Read(int pid)
    {
        string path = $"/proc/{pid}/stat";
        if (!File.Exists(path))
            return TimeSpan.Zero;
        string stat = File.ReadAllText(path);
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return SystemCpu.Tick * (Parse(fields[UserTime]) + Parse(fields[SystemTime]));
    }

    private static long Parse(string field) => long.Parse(field, CultureInfo.InvariantCulture);
}
