namespace Sluice.Functional.Wire;

/// <summary>The descriptors of a process that networking uses: sockets, pipes, epoll and event descriptors, not files.</summary>
internal static class FileDescriptors
{
    /// <summary>How many this process has open.</summary>
    public static int Count => CountOf("self");

    /// <summary>How many a process has open, by its id.</summary>
    public static int CountOf(string process) => Kinds(process).Count();

    /// <summary>How many of them are sockets: pipes stay for the next stream.</summary>
    public static int SocketsOf(string process) => Kinds(process).Count(kind => kind == "socket");

    /// <summary>Fails, naming what is open, unless the count comes back down to <paramref name="expected"/>.</summary>
    public static Task UntilBackAtAsync(int expected) => Deadline.UntilAsync(
        () => Count <= expected,
        () => $"descriptors to be back at {expected}; there are {Count}: {Describe()}");

    private static string Describe() =>
        string.Join(", ", Kinds("self").GroupBy(kind => kind).Select(kind => $"{kind.Count()} {kind.Key}"));

    private static IEnumerable<string> Kinds(string process)
    {
        foreach (string entry in Directory.EnumerateFileSystemEntries($"/proc/{process}/fd"))
        {
            // A link reads "socket:[123]", "pipe:[123]" or "anon_inode:[eventpoll]"; .NET shows it below the directory.
            string? link = null;
            try
            {
                link = File.ResolveLinkTarget(entry, returnFinalTarget: false)?.Name;
            }
            catch (IOException)
            {
                // Closed meanwhile, as the directory's own descriptor is.
            }

            if (link?.IndexOf(':') is > 0 and var colon)
                yield return link.StartsWith("anon_inode", StringComparison.Ordinal) ? link : link[..colon];
        }
    }
}
