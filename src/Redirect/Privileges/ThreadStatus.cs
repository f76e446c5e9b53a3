using System.Globalization;

namespace Sluice.Redirect.Privileges;

/// <summary>What /proc tells of the threads of this process.</summary>
internal static class ThreadStatus
{
    private const string Permitted = "CapPrm:";

    /// <summary>How many threads have capabilities beyond these; 0 where there is no /proc to ask.</summary>
    internal static int WithMoreThan(ulong capabilities)
    {
        int count = 0;
        try
        {
            foreach (string task in Directory.GetDirectories("/proc/self/task"))
                count += (PermittedTo(task) & ~capabilities) != 0 ? 1 : 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A root without /proc, such as a bare chroot.
        }

        return count;
    }

    private static ulong PermittedTo(string task)
    {
        ReadOnlySpan<char> status = File.ReadAllText(Path.Combine(task, "status"));
        status = status[(status.IndexOf(Permitted) + Permitted.Length)..];
        return ulong.Parse(status[..status.IndexOf('\n')].Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
