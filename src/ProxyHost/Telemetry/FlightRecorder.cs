using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Logging;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>
/// Keeps the last connections that did not end in the ordinary way, in a ring: memory is bounded, and a record that is in
/// somebody's way is the oldest. Of each way to end it keeps so many a second: a flood of one costs little and does not push the
/// others out at once. Safe from any thread; takes no lock.
/// </summary>
internal sealed class FlightRecorder(AdminConfig config, TimeProvider clock)
{
    /// <summary>Records a second of one <see cref="EndReason"/>.</summary>
    public const int MostPerSecond = 10;

    private readonly FlightRecord?[] _ring = new FlightRecord?[config.Recorder.Size];
    private readonly LogGate?[] _gates = new LogGate?[Enum.GetValues<EndReason>().Length];
    private long _count;
    private long _leftOut;

    /// <summary>How many are kept.</summary>
    public int Size => _ring.Length;

    /// <summary>Records so far, those that are no longer kept included.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>How many were too many in their second.</summary>
    public long LeftOut => Interlocked.Read(ref _leftOut);

    /// <summary>Whether one that has ended so is to be kept. Who is told yes adds it.</summary>
    public bool TryKeep(EndReason reason)
    {
        if (_ring.Length == 0)
            return false;
        LogGate gate = Volatile.Read(ref _gates[(int)reason]) ?? Make(ref _gates[(int)reason]);
        if (gate.TryPass(out int _))
            return true;
        Interlocked.Increment(ref _leftOut);
        return false;
    }

    /// <summary>Keeps one that <see cref="TryKeep"/> has let in. On the connection's reactor.</summary>
    public void Add(ProxiedConnection connection, AccessRecord access)
    {
        long number = Interlocked.Increment(ref _count) - 1;
        Volatile.Write(ref _ring[number % _ring.Length], FlightRecord.Of(connection, access, clock.GetUtcNow()));
    }

    /// <summary>Those that are kept, the newest first.</summary>
    public IEnumerable<FlightRecord> Newest()
    {
        long last = Count - 1;
        for (long number = last; number >= 0 && number > last - _ring.Length; number--)
        {
            if (Volatile.Read(ref _ring[number % _ring.Length]) is { } record)
                yield return record;
        }
    }

    private LogGate Make(ref LogGate? place) =>
        Interlocked.CompareExchange(ref place, new LogGate(MostPerSecond, clock), null) ?? Volatile.Read(ref place)!;
}
