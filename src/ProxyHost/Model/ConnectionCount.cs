namespace Sluice.ProxyHost.Model;

/// <summary>How many connections something has now, under a ceiling. Safe from any thread; takes no lock.</summary>
internal sealed class ConnectionCount(int limit)
{
    private volatile int _limit = limit;
    private int _current;

    /// <summary>Places there are. Lowering it ends nobody: it is kept once enough have left.</summary>
    public int Limit { get => _limit; set => _limit = value; }

    /// <summary>Connections at this moment; never more than the limit for longer than a refusal takes.</summary>
    public int Current => Volatile.Read(ref _current);

    /// <summary>Takes one place, or none when all are taken.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _current) <= _limit)
            return true;
        Leave();
        return false;
    }

    /// <summary>Gives a place back. Once for each successful <see cref="TryEnter"/>.</summary>
    public void Leave() => Interlocked.Decrement(ref _current);
}
