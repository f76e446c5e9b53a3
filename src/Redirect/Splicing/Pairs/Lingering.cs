using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Splicing.Pairs;

/// <summary>
/// The wait before an RST is passed on. A reset drops the send queue, so what came before it must have been acknowledged;
/// an end that acknowledges nothing for <see cref="PatienceMilliseconds"/> is not waited for.
/// </summary>
internal sealed class Lingering(StreamSocket socket, long now)
{
    internal const int PatienceMilliseconds = 2000;
    private const int FirstPollMilliseconds = 2;
    private const int LastPollMilliseconds = 100;

    private int _unacknowledged = int.MaxValue;
    private long _lastProgress = now;
    private int _poll = FirstPollMilliseconds;

    /// <summary>Whose send queue is waited for.</summary>
    internal StreamSocket Socket => socket;

    /// <summary>
    /// Milliseconds until the next look. Each wait is longer than the one before: most ends acknowledge at once, and an
    /// upstream that dies may leave thousands that do not.
    /// </summary>
    internal int NextPoll()
    {
        int poll = _poll;
        _poll = Math.Min(2 * poll, LastPollMilliseconds);
        return poll;
    }

    internal bool IsOver(int unacknowledged, long now)
    {
        if (unacknowledged == 0)
            return true;

        if (unacknowledged < _unacknowledged)
            (_unacknowledged, _lastProgress) = (unacknowledged, now);
        return now - _lastProgress >= PatienceMilliseconds;
    }
}
