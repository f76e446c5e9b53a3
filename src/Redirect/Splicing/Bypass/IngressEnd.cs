using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>
/// Holds the sender's FIN back until the reader has taken all that was put into its own queue: those bytes are lost when its socket leaves the
/// map, and behind a FIN nobody would miss them. Looks again after a millisecond, two, and so on up to 64.
/// </summary>
internal sealed class IngressEnd(BypassedDirection direction, StreamSocket source) : ReactorTimer
{
    private const int LongestPause = 64;

    private int _pause = 1;

    /// <summary>The end has been found, and bytes before it are unread.</summary>
    internal void Await()
    {
        if (!IsSet)
            source.Reactor.Timers.Set(this, source.Reactor.Now + _pause);
    }

    /// <summary>Nobody waits any more.</summary>
    internal void Cancel() => source.Reactor.Timers.Cancel(this);

    internal override void OnTimer()
    {
        _pause = Math.Min(2 * _pause, LongestPause);
        if (direction.Unread() > 0)
            Await();
        else
            source.RetryReceive();
    }
}
