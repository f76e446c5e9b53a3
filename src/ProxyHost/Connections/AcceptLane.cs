using Sluice.ProxyHost.Model;
using Sluice.Redirect.Splicing;

namespace Sluice.ProxyHost.Connections;

/// <summary>What one accept loop has of its own, so that loops share nothing that is written often.</summary>
/// <param name="Listener">Whose connections it accepts.</param>
/// <param name="Clusters">One for each of the listener's clusters, in their order.</param>
/// <param name="Further">Dials what programs redirect to; null where they redirect to nothing.</param>
/// <param name="Tally">Counts what rules decide; null without programs.</param>
internal sealed record AcceptLane(ListenerState Listener, ClusterLane[] Clusters, IClusterDialer? Further, RuleTally? Tally);
