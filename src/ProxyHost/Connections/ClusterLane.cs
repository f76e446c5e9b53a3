using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Telemetry;
using Sluice.ProxyHost.Upstreams;
using Sluice.Redirect.Splicing;

namespace Sluice.ProxyHost.Connections;

/// <summary>What one accept loop has of its own for one cluster: all that its connections there need to know of others.</summary>
/// <param name="Cluster">The listener's connections to the cluster, of all loops.</param>
/// <param name="Dialer">Dials the cluster.</param>
/// <param name="Meter">Counts their bytes.</param>
/// <param name="Further">The loop's own, which dials what programs redirect to; null where they redirect to nothing.</param>
/// <param name="Tally">The loop's own, which counts what rules decide; null without programs.</param>
/// <param name="Flights">Keeps those that do not complete; null: nobody does.</param>
internal sealed record ClusterLane(
    ListenerCluster Cluster, Dialer Dialer, ByteMeter Meter, FurtherClusters? Further = null, RuleTally? Tally = null, FlightRecorder? Flights = null)
    : SpliceTerms(Cluster.Listener.Limits, Meter, Cluster.Listener.Maps, Cluster.Listener.Bandwidth);
