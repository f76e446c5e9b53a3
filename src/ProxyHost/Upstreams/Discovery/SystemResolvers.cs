using System.Net;

namespace Sluice.ProxyHost.Upstreams.Discovery;

/// <summary>The servers of DNS that the system is configured with (resolv.conf(5)).</summary>
internal static class SystemResolvers
{
    private const string Path = "/etc/resolv.conf";
    private const int Port = 53;

    // As many as the C library looks at.
    private const int Most = 3;

    /// <summary>As they are configured now; the host itself where none is, as the C library does.</summary>
    public static IReadOnlyList<IPEndPoint> Read()
    {
        try
        {
            return Parse(File.ReadLines(Path));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return Parse([]);
        }
    }

    internal static IReadOnlyList<IPEndPoint> Parse(IEnumerable<string> lines)
    {
        List<IPEndPoint> found = [];
        foreach (string line in lines)
        {
            string[] words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words is ["nameserver", var text, ..] && IPAddress.TryParse(text, out IPAddress? address) && found.Count < Most)
                found.Add(new IPEndPoint(address, Port));
        }

        return found.Count > 0 ? found : [new IPEndPoint(IPAddress.Loopback, Port)];
    }
}
