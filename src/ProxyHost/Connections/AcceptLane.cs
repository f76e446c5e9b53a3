using Sluice.ProxyHost.Listeners;
using Sluice.ProxyHost.Model;

namespace Sluice.ProxyHost.Connections;

/// <summary>What one accept loop has of its own, so that loops share nothing that is written often.</summary>
/// <param name="Listener">Whose connections it accepts.</param>
/// <param name="Clusters">One for each of the listener's clusters, in their order.</param>
/// <param name="Own">What the daemon itself listens on.</param>
internal sealed record AcceptLane(ListenerState Listener, ClusterLane[] Clusters, OwnAddresses? Own = null);
