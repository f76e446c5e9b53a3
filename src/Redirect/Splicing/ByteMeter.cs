namespace Sluice.Redirect.Splicing;

/// <summary>
/// Counts delivered bytes by direction and data path while connections run. One is shared by the connections of, say,
/// one listener, cluster and reactor; keeping one per reactor keeps its cache line on one core. Safe from any thread.
/// </summary>
public sealed class ByteMeter
{
    private const int Paths = 5;
    private readonly long[] _cells = new long[2 * Paths];

    /// <summary>Adds <paramref name="count"/> (≥ 0) bytes.</summary>
    public void Add(Direction direction, DataPath path, long count) =>
        Interlocked.Add(ref _cells[((int)direction * Paths) + (int)path], count);

    /// <summary>Bytes so far; never decreases.</summary>
    public long Read(Direction direction, DataPath path) =>
        Interlocked.Read(ref _cells[((int)direction * Paths) + (int)path]);
}
