namespace Sluice.ProxyHost.Model;

/// <summary>Whether the connections of a listener to one cluster may be carried by the kernel at the moment.</summary>
/// <param name="MayOffload">By the sockmap they may, where nothing of their own stands against it.</param>
/// <param name="Fallback">Counts those that would have liked to and may not; null where they may, or nobody asked for it.</param>
internal sealed record OffloadStanding(bool MayOffload, FallbackCount? Fallback)
{
    /// <summary>What applications on this host send may go past the proxy, likewise.</summary>
    public bool MayBypass { get; init; }

    /// <summary>The configuration does not want it.</summary>
    public static readonly OffloadStanding Off = new(false, null);

    /// <summary>The kernel is trusted.</summary>
    public static readonly OffloadStanding Open = new(true, null);

    /// <summary>The kernel is trusted with the bypass, which is what was asked for.</summary>
    public static readonly OffloadStanding Past = new(false, null) { MayBypass = true };
}

/// <summary>Connections that stayed in user space for one reason. Safe from any thread.</summary>
internal sealed class FallbackCount(string reason)
{
    private long _count;

    /// <summary>As metrics name it.</summary>
    public string Reason { get; } = reason;

    /// <summary>How many; never decreases.</summary>
    public long Value => Interlocked.Read(ref _count);

    public void Add() => Interlocked.Increment(ref _count);
}
