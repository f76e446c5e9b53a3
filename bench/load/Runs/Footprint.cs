using Sluice.Load.Accounting;

namespace Sluice.Load.Runs;

/// <summary>What a proxy costs when it does nothing. Memory is user space only.</summary>
/// <param name="EchoAfterMs">Start to first echoed message, median; exec included.</param>
/// <param name="ReadyAfterMs">Start to /readyz and first echo both answered, median; null without an admin endpoint.</param>
/// <param name="Idle">After start and one echoed message.</param>
/// <param name="Connections">Idle connections held for <paramref name="Connected"/>.</param>
/// <param name="Connected">With those connections, each having echoed one message.</param>
/// <param name="Closed">After they have closed.</param>
/// <param name="IdleDescriptors">Open descriptors at the start.</param>
/// <param name="ClosedDescriptors">Open descriptors after the connections have closed.</param>
internal sealed record Footprint(
    string Proxy,
    double EchoAfterMs,
    double? ReadyAfterMs,
    ProcessMemory Idle,
    int Connections,
    ProcessMemory Connected,
    ProcessMemory Closed,
    int IdleDescriptors,
    int ClosedDescriptors)
{
    public long AddedBytes => Connected.Anonymous - Idle.Anonymous;
}
