namespace Sluice.Redirect.Reactors;

/// <summary>
/// A token bucket for bytes, on a clock of milliseconds. It is exact: in any time no more is taken than its depth and what the rate
/// brings in that time, and nothing is lost to rounding. Not thread-safe.
/// </summary>
/// <param name="rate">Bytes a second, 1 to 2^40.</param>
/// <param name="depth">Bytes it holds when it is full, as it is at first, 1 to 2^40.</param>
/// <param name="now">The clock now.</param>
internal struct ByteBucket(long rate, long depth, long now)
{
    // What a rate of one byte a second brings in a millisecond is one of these.
    private const long PartsPerByte = 1000;

    private readonly long _depth = depth * PartsPerByte;
    private long _level = depth * PartsPerByte;
    private long _at = now;

    /// <summary>Whole bytes that may be taken now.</summary>
    internal long Available(long now)
    {
        Fill(now);
        return _level / PartsPerByte;
    }

    /// <summary>Takes bytes that are available.</summary>
    internal void Take(long count) => _level -= count * PartsPerByte;

    /// <summary>Takes bytes as far as there are any; how many there were not.</summary>
    internal long TakeUpTo(long count, long now)
    {
        long taken = Math.Min(count, Available(now));
        Take(taken);
        return count - taken;
    }

    /// <summary>When so many bytes, at most its depth, will be available if none are taken before.</summary>
    internal long WhenAvailable(long count, long now)
    {
        Fill(now);
        long missing = (count * PartsPerByte) - _level;
        return missing <= 0 ? now : now + ((missing + rate - 1) / rate);
    }

    // A clock that stands still or goes back brings nothing.
    private void Fill(long now)
    {
        long elapsed = now - _at;
        if (elapsed <= 0)
            return;

        _at = now;
        long room = _depth - _level;
        _level = elapsed > room / rate ? _depth : _level + (elapsed * rate);
    }
}
