using Sluice.ProxyHost.Logging;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>
/// Lets so many records a second through, and as many besides of connections that ended in a way that is not the ordinary one: a
/// flood of good connections never hides a bad one. Safe from any thread; takes no lock.
/// </summary>
/// <param name="perSecond">0: any number.</param>
/// <param name="clock">Tells the second.</param>
internal sealed class AccessGate(int perSecond, TimeProvider clock)
{
    private readonly LogGate? _ordinary = perSecond == 0 ? null : new(perSecond, clock);
    private readonly LogGate? _others = perSecond == 0 ? null : new(perSecond, clock);

    /// <summary>Whether a record may be written, and how many of its kind were not before it.</summary>
    public bool TryPass(bool isOrdinary, out int leftOut)
    {
        leftOut = 0;
        return (isOrdinary ? _ordinary : _others)?.TryPass(out leftOut) ?? true;
    }
}
