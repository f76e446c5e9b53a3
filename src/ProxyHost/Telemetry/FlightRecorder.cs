using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Connections;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>
/// Keeps the last connections that did not end in the ordinary way, in a ring: memory is bounded, and a record that is in
/// somebody's way is the oldest. Safe from any thread; takes no lock.
/// </summary>
internal sealed class FlightRecorder(AdminConfig config, TimeProvider clock)
{
    private readonly FlightRecord?[] _ring = new FlightRecord?[config.Recorder.Size];
    private long _count;

    /// <summary>How many are kept.</summary>
    public int Size => _ring.Length;

    /// <summary>Whether any are kept.</summary>
    public bool IsOn => _ring.Length > 0;

    /// <summary>Records so far, those that are no longer kept included.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Keeps one, while <see cref="IsOn"/>. On the connection's reactor.</summary>
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
}
