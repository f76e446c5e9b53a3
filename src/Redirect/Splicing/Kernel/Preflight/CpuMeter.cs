using System.Globalization;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Splicing.Kernel.Preflight;

/// <summary>
/// CPU time that both paths can be held against each other by. A redirect is sent by a worker of the kernel, which no account of
/// this process shows. Where its threads are visible, as on a host, their clocks are added to this process's, and what other
/// processes do does not disturb; otherwise the time that all tasks of the machine have run.
/// </summary>
internal sealed class CpuMeter
{
    private const string SchedulerStatistics = "/proc/schedstat";

    private readonly Dictionary<int, bool> _isWorker = [];
    private readonly bool _hasWorkers;

    private CpuMeter(bool hasWorkers) => _hasWorkers = hasWorkers;

    /// <summary>Where the times come from.</summary>
    internal string Source => _hasWorkers ? "this process and the kernel's workers" : "all tasks of the machine (/proc/schedstat)";

    /// <summary>Null where neither can be had: then nothing can be told.</summary>
    internal static CpuMeter? TryCreate()
    {
        var workers = new CpuMeter(hasWorkers: true);
        if (workers.Workers().Any())
            return workers;
        return RunTimeOfTasks(TextOf(SchedulerStatistics)) > 0 ? new CpuMeter(hasWorkers: false) : null;
    }

    /// <summary>Nanoseconds of CPU so far.</summary>
    internal long Read() => _hasWorkers
        ? Syscall.CpuTime(0) + Workers().Sum(worker => Math.Max(0, Syscall.CpuTime(worker)))
        : RunTimeOfTasks(TextOf(SchedulerStatistics));

    /// <summary>The sum over all CPUs of the seventh number of their lines in /proc/schedstat (Documentation/scheduler/sched-stats.rst).</summary>
    internal static long RunTimeOfTasks(ReadOnlySpan<char> statistics)
    {
        const int RunTime = 7;
        long sum = 0;
        foreach (ReadOnlySpan<char> line in statistics.EnumerateLines())
        {
            if (!line.StartsWith("cpu", StringComparison.Ordinal))
                continue;

            int field = 0;
            foreach (Range word in line.Split(' '))
            {
                if (field++ == RunTime && long.TryParse(line[word], NumberStyles.None, CultureInfo.InvariantCulture, out long time))
                    sum += time;
            }
        }

        return sum;
    }

    // Workers come and go, so they are looked for each time; what a process is called is asked once.
    private IEnumerable<int> Workers()
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(folder.AsSpan("/proc/".Length), NumberStyles.None, CultureInfo.InvariantCulture, out int process))
                continue;
            if (!_isWorker.TryGetValue(process, out bool isWorker))
                _isWorker[process] = isWorker = IsWorker(TextOf($"{folder}/comm"));
            if (isWorker)
                yield return process;
        }
    }

    private static bool IsWorker(string name) =>
        name.StartsWith("kworker/", StringComparison.Ordinal) || name.StartsWith("ksoftirqd/", StringComparison.Ordinal);

    private static string TextOf(string path)
    {
        if (!File.Exists(path)) // not every kernel keeps them
            return "";

        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
