namespace Sluice.Redirect.Splicing;

/// <summary>
/// What limits of bandwidth have held up, or would have in a dry run. Written when a direction begins or ends to wait, in a dry run
/// for each receive beyond the rate. Safe from any thread.
/// </summary>
public sealed class BandwidthMeter
{
    private readonly long[] _bytes = new long[4];
    private readonly long[] _microseconds = new long[4];

    /// <summary>Adds what was held up (≥ 0).</summary>
    public void Add(Direction direction, bool isDryRun, long bytes, long microseconds)
    {
        int at = Index(direction, isDryRun);
        if (bytes > 0)
            Interlocked.Add(ref _bytes[at], bytes);
        if (microseconds > 0)
            Interlocked.Add(ref _microseconds[at], microseconds);
    }

    /// <summary>Bytes that had to wait, at least some of the time; in a dry run bytes beyond rate and burst. Never decreases.</summary>
    public long Bytes(Direction direction, bool isDryRun) => Interlocked.Read(ref _bytes[Index(direction, isDryRun)]);

    /// <summary>How long connections waited, all together; in a dry run by how much longer they would have taken. Never decreases.</summary>
    public TimeSpan Time(Direction direction, bool isDryRun) =>
        TimeSpan.FromMicroseconds(Interlocked.Read(ref _microseconds[Index(direction, isDryRun)]));

    private static int Index(Direction direction, bool isDryRun) => ((int)direction * 2) + (isDryRun ? 1 : 0);
}
