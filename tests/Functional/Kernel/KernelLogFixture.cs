using System.Text;
using Sluice.Functional;

[assembly: AssemblyFixture(typeof(KernelLogFixture))]

namespace Sluice.Functional;

/// <summary>
/// Fails the run if the kernel has complained of itself meanwhile. Where its log may not be read there is nothing to see, and
/// nothing to run either.
/// </summary>
public sealed class KernelLogFixture : IDisposable
{
    private const string Log = "/dev/kmsg";
    private static readonly string[] _complaints = ["WARNING:", "BUG:", "Oops", "general protection fault", "refcount_t", "soft lockup", "rcu_sched"];
    private readonly string _begin = $"sluice-tests begin {Guid.NewGuid()}";

    public KernelLogFixture()
    {
        if (IsReadable)
            Mark(_begin);
    }

    private static bool IsReadable
    {
        get
        {
            try
            {
                using FileStream log = Open(FileAccess.ReadWrite);
                return true;
            }
            catch (Exception error) when (error is UnauthorizedAccessException or IOException)
            {
                return false;
            }
        }
    }

    public void Dispose()
    {
        if (!IsReadable)
            return;

        string end = $"sluice-tests end {Guid.NewGuid()}";
        Mark(end);
        string[] meanwhile = [.. Until(end).SkipWhile(line => !line.Contains(_begin, StringComparison.Ordinal))];
        Assert.NotEmpty(meanwhile);
        Assert.False(
            meanwhile.Any(line => _complaints.Any(complaint => line.Contains(complaint, StringComparison.Ordinal))),
            $"The kernel's log:\n{string.Join('\n', meanwhile)}");
    }

    private static void Mark(string line)
    {
        using FileStream log = Open(FileAccess.Write);
        log.Write(Encoding.UTF8.GetBytes(line));
    }

    // A read gives one record, and waits where there is none: so nobody reads past the mark.
    private static IEnumerable<string> Until(string end)
    {
        using FileStream log = Open(FileAccess.Read);
        byte[] record = new byte[8192];
        string line;
        do
        {
            line = Encoding.UTF8.GetString(record, 0, log.Read(record));
            yield return line;
        }
        while (!line.Contains(end, StringComparison.Ordinal));
    }

    private static FileStream Open(FileAccess access) => new(Log, FileMode.Open, access, FileShare.ReadWrite, bufferSize: 0);
}
