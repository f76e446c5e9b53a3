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
        bool passes = TryPass(out int suppressed);
        note = suppressed > 0 ? string.Create(CultureInfo.InvariantCulture, $"; {suppressed} more like this were not logged") : "";
        return passes;
    }

    /// <summary>The same as a number.</summary>
    public bool TryPass(out int suppressed)
    {
        suppressed = 0;
        long second = _clock.GetTimestamp() / _clock.TimestampFrequency;
        if (Volatile.Read(ref _second) != second && Interlocked.Exchange(ref _second, second) != second)
            Volatile.Write(ref _passed, 0);

        if (Volatile.Read(ref _passed) < perSecond && Interlocked.Increment(ref _passed) <= perSecond)
        {
            suppressed = Interlocked.Exchange(ref _suppressed, 0);
            return true;
        }

        Interlocked.Increment(ref _suppressed);
        return false;
    }
}
