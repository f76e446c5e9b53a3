namespace Sluice.Redirect.Reactors;

/// <summary>Holds back what one socket receives by a pace: it waits in the socket, whose sender is slowed down by that, until the time has come.</summary>
internal sealed class ReceivePacer(StreamSocket socket, ReceivePace pace) : ReactorTimer
{
    private long _pausedAt;
    private bool _haveWaited;

    internal ReceivePace Pace => pace;

    private Reactor Reactor => socket.Reactor;

    /// <summary>How many bytes may be received now; 0 during a pause.</summary>
    internal int Allowed(int most) => IsSet ? 0 : pace.Allowed(most, Reactor.Now);

    internal void Received(nint count)
    {
        pace.Received(count, _haveWaited, Reactor.Now);
        _haveWaited = false;
    }

    /// <summary>There is something to receive whose time has not come. During a pause nothing changes.</summary>
    internal void Pause()
    {
        if (IsSet)
            return;

        _pausedAt = Reactor.Now;
        pace.Waiting++;
        Reactor.Timers.Set(this, pace.ResumeAt(Reactor.Now));
    }

    /// <summary>The socket is being closed.</summary>
    internal void Stop()
    {
        if (!IsSet)
            return;

        Reactor.Timers.Cancel(this);
        Resume();
    }

    internal override void OnTimer()
    {
        Resume();
        _haveWaited = true;
        try
        {
            socket.RetryReceive();
        }
        catch (Exception exception)
        {
            socket.OnFault(exception);
        }
    }

    private void Resume()
    {
        pace.Waiting--;
        pace.HaveWaited(Reactor.Now - _pausedAt);
    }
}
