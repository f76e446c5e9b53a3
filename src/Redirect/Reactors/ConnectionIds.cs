namespace Sluice.Redirect.Reactors;

/// <summary>Connection identities: unique within the process, short, and in the order in which they were asked for.</summary>
internal static class ConnectionIds
{
    private static long _last = DateTimeOffset.UtcNow.ToUnixTimeSeconds() << 24;

    internal static string Next() => Interlocked.Increment(ref _last).ToString("X", System.Globalization.CultureInfo.InvariantCulture);
}
