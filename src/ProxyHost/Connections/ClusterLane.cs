using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Upstreams;
using Sluice.Redirect.Splicing;

namespace Sluice.ProxyHost.Connections;

/// <summary>What one accept loop has of its own for one cluster.</summary>
/// <param name="Cluster">The listener's connections to the cluster, of all loops.</param>
/// <param name="Dialer">Dials the cluster.</param>
/// <param name="Meter">Counts their bytes.</param>
internal sealed record ClusterLane(ListenerCluster Cluster, Dialer Dialer, ByteMeter Meter)
    : SpliceTerms(Cluster.Listener.Limits, Meter, Cluster.Listener.Maps);
