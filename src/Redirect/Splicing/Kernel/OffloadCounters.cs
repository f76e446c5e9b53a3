namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>What became of offers to the kernel, over all reactors. Safe from any thread; but for <see cref="Carried"/> nothing ever decreases.</summary>
public sealed class OffloadCounters
{
    private readonly long[] _refused = new long[Enum.GetValues<OffloadRefused>().Length];
    private long _pairs;
    private long _promotions;
    private long _demotions;
    private long _overlaps;
    private long _carried;

    /// <summary>Connections whose sockets the kernel's map took.</summary>
    public long Pairs => Interlocked.Read(ref _pairs);

    /// <summary>How often a direction was given to the kernel.</summary>
    public long Promotions => Interlocked.Read(ref _promotions);

    /// <summary>How often a direction came back to user space while it went on.</summary>
    public long Demotions => Interlocked.Read(ref _demotions);

    /// <summary>Retransmissions that overlapped delivered bytes and were trimmed.</summary>
    public long Overlaps => Interlocked.Read(ref _overlaps);

    /// <summary>Directions that the kernel carries at the moment.</summary>
    public long Carried => Interlocked.Read(ref _carried);

    /// <summary>How often a connection was refused for this reason.</summary>
    public long Refused(OffloadRefused reason) => Interlocked.Read(ref _refused[(int)reason]);

    internal void Inserted() => Interlocked.Increment(ref _pairs);

    internal void Promoted()
    {
        Interlocked.Increment(ref _promotions);
        Interlocked.Increment(ref _carried);
    }

    /// <summary>A direction that was promoted is carried by the kernel no more, whether it goes on or has ended.</summary>
    internal void Left() => Interlocked.Decrement(ref _carried);

    internal void Demoted() => Interlocked.Increment(ref _demotions);

    internal void Overlapped(uint count)
    {
        if (count > 0)
            Interlocked.Add(ref _overlaps, count);
    }

    internal void Refuse(OffloadRefused reason) => Interlocked.Increment(ref _refused[(int)reason]);
}
