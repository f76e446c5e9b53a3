using System.Globalization;

namespace Sluice.ProxyHost.Logging;

/// <summary>
/// Lets a few messages a second through and counts the others, so that a flood of one kind of trouble neither costs
/// much nor hides anything else. Safe from any thread; takes no lock.
/// </summary>
internal sealed class LogGate(int perSecond, TimeProvider? clock = null)
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private long _second = -1;
    private int _passed;
    private int _suppressed;

    /// <summary>
    /// True when a message may be written now; <paramref name="note"/> is then its last words: how many were not
    /// written before it, or nothing.
    /// </summary>
    public bool TryPass(out string note)
    {
        note = "";
        long second = _clock.GetTimestamp() / _clock.TimestampFrequency;
        if (Volatile.Read(ref _second) != second && Interlocked.Exchange(ref _second, second) != second)
            Volatile.Write(ref _passed, 0);

        if (Volatile.Read(ref _passed) < perSecond && Interlocked.Increment(ref _passed) <= perSecond)
        {
            int suppressed = Interlocked.Exchange(ref _suppressed, 0);
            if (suppressed > 0)
                note = string.Create(CultureInfo.InvariantCulture, $"; {suppressed} more like this were not logged");
            return true;
        }

        Interlocked.Increment(ref _suppressed);
        return false;
    }
}
