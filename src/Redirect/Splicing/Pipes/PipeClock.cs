namespace Sluice.Redirect.Splicing.Pipes;

/// <summary>
/// The limits of one connection on one timer. Progress only stamps a time; the timer, when it is due, looks at the stamp
/// and either ends the connection or sleeps on until the earliest moment a limit could now be reached.
/// </summary>
internal sealed class PipeClock : IDisposable
{
    private readonly SplicePair _pair;
    private readonly PipeEnding _ending;
    private readonly Timer _timer;
    private readonly long _end;
    private long _progressed;
    private volatile bool _halfClosed;

    public PipeClock(SplicePair pair, PipeEnding ending)
    {
        _pair = pair;
        _ending = ending;
        _progressed = Environment.TickCount64;
        _end = _progressed + Milliseconds(pair.Limits.MaxDuration);
        // Not as a side effect of the connection's execution context: the timer must not keep that alive.
        using (ExecutionContext.SuppressFlow())
            _timer = new Timer(static clock => ((PipeClock)clock!).Look(), this, Timeout.Infinite, Timeout.Infinite);
        Sleep();
    }

    /// <summary>Bytes were delivered.</summary>
    public void Progressed() => Volatile.Write(ref _progressed, Environment.TickCount64);

    /// <summary>One side's FIN was passed on: the other limit applies from now.</summary>
    public void HalfClosed()
    {
        Progressed();
        _halfClosed = true;
        Sleep();
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private long IdleEnd => Volatile.Read(ref _progressed)
        + Milliseconds(_halfClosed ? _pair.Limits.HalfClosedIdle : _pair.Limits.Idle);

    private void Look()
    {
        long now = Environment.TickCount64;
        if (now >= _end)
            _ending.ByUs(EndReason.MaxDuration);
        else if (now >= IdleEnd)
            _ending.ByUs(_halfClosed ? EndReason.HalfClosedIdleTimeout : EndReason.IdleTimeout);
        else
            Sleep();
    }

    private void Sleep()
    {
        long wait = Math.Min(_end, IdleEnd) - Environment.TickCount64;
        try
        {
            _timer.Change(Math.Clamp(wait, 1, int.MaxValue), Timeout.Infinite);
        }
        catch (ObjectDisposedException)
        {
            // The connection ended meanwhile.
        }
    }

    private static long Milliseconds(TimeSpan limit) => (long)Math.Ceiling(limit.TotalMilliseconds);
}
