namespace Sluice.ProxyHost.Model.Live;

/// <summary>Decisions of one rule in one accept loop. One thread writes, any may read.</summary>
internal sealed class RuleCount
{
    private long _value;

    /// <summary>Decisions so far; never decreases.</summary>
    public long Value => Volatile.Read(ref _value);

    /// <summary>More of them.</summary>
    public void Add(long count) => Volatile.Write(ref _value, _value + count);
}
