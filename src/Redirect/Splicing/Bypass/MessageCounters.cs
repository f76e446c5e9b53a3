namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>What became of the messages that applications sent in promoted directions. Safe from any thread; nothing ever decreases.</summary>
public sealed class MessageCounters
{
    private readonly long[] _passed = new long[Enum.GetValues<BypassPass>().Length];
    private long _redirected;
    private long _dropped;

    /// <summary>Messages that went past the proxy.</summary>
    public long Redirected => Interlocked.Read(ref _redirected);

    /// <summary>Messages that rules dropped where they were sent.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Messages that went through it for this reason.</summary>
    public long Passed(BypassPass reason) => Interlocked.Read(ref _passed[(int)reason]);

    internal void Add(ulong redirected, ulong dropped)
    {
        Interlocked.Add(ref _redirected, (long)redirected);
        Interlocked.Add(ref _dropped, (long)dropped);
    }

    internal void Add(BypassPass reason, ulong count) => Interlocked.Add(ref _passed[(int)reason], (long)count);
}
