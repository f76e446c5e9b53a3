using System.Globalization;

namespace Sluice.Load.Accounting;

/// <summary>A process's user-space memory in bytes, from /proc/PID/smaps_rollup; what sockets hold in the kernel is not in it.</summary>
/// <param name="Resident">Rss: all resident pages, shared ones counted in full.</param>
/// <param name="Proportional">Pss: shared pages divided among those who share them.</param>
/// <param name="Anonymous">Heap, stacks and other pages that no file backs.</param>
internal readonly record struct ProcessMemory(long Resident, long Proportional, long Anonymous)
{
    /// <summary>The sum over <paramref name="pids"/>.</summary>
    public static ProcessMemory Read(IEnumerable<int> pids) =>
        pids.Select(Read).Aggregate((a, b) => new(a.Resident + b.Resident, a.Proportional + b.Proportional, a.Anonymous + b.Anonymous));

    /// <summary>Open descriptors over <paramref name="pids"/>.</summary>
    public static int CountDescriptors(IEnumerable<int> pids) =>
        pids.Sum(pid => Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Count());

    private static ProcessMemory Read(int pid)
    {
        Dictionary<string, long> bytes = File.ReadLines($"/proc/{pid}/smaps_rollup").Skip(1)
            .Select(line => line.Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(fields => fields[0], fields => 1024 * long.Parse(fields[1], CultureInfo.InvariantCulture));
        return new ProcessMemory(bytes["Rss"], bytes["Pss"], bytes["Anonymous"]);
    }
}
