namespace Sluice.Redirect.Reactors;

/// <summary>
/// How fast one direction of a connection is received, by whichever sockets its bytes come. Where it is a dry run nothing waits, and
/// what is beyond the pace is counted. On the reactor's thread.
/// </summary>
/// <param name="rate">Bytes a second, 1 to 2^40.</param>
/// <param name="burst">Bytes at once after a pause, 1 to 2^40.</param>
/// <param name="isDryRun">Whether it only counts.</param>
/// <param name="now">The reactor's clock.</param>
internal abstract class ReceivePace(long rate, long burst, bool isDryRun, long now)
{
    // A pause lasts until this share of a second's bytes may be received: few wake-ups, and no long silences.
    private const int PausesPerSecond = 32;

    private readonly long _worthWaking = Math.Clamp(rate / PausesPerSecond, 1, burst);
    private ByteBucket _bucket = new(rate, burst, now);

    /// <summary>Sockets in which bytes wait.</summary>
    internal int Waiting { get; set; }

    /// <summary>How many bytes may be received now, at most <paramref name="most"/>; 0: none for the time being.</summary>
    internal int Allowed(int most, long now) => isDryRun ? most : (int)Math.Min(most, _bucket.Available(now));

    /// <summary>When receiving is worth while again.</summary>
    internal long ResumeAt(long now) => _bucket.WhenAvailable(_worthWaking, now);

    /// <summary>So many bytes were received; <paramref name="haveWaited"/>: they had to wait for it.</summary>
    internal void Received(long count, bool haveWaited, long now)
    {
        if (!isDryRun)
        {
            _bucket.Take(count);
            if (haveWaited)
                Count(count, 0);
        }
        else if (_bucket.TakeUpTo(count, now) is > 0 and var beyond)
        {
            Count(beyond, beyond * 1_000_000 / rate);
        }
    }

    /// <summary>Bytes have waited so many milliseconds.</summary>
    internal void HaveWaited(long milliseconds) => Count(0, milliseconds * 1000);

    private protected abstract void Count(long bytes, long microseconds);
}
