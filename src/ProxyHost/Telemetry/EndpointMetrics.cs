using System.Diagnostics.Metrics;
using Sluice.ProxyHost.Model;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>What attempts to connect to one endpoint record. Safe from any thread.</summary>
internal sealed class EndpointMetrics(ClusterState cluster, EndpointState endpoint, Histogram<double> connect)
{
    private readonly Tag _cluster = new("cluster", cluster.Config.Name);
    private readonly Tag _endpoint = new("endpoint", endpoint.Config.Text);

    /// <summary>The attempt made a connection.</summary>
    public void Connected(TimeSpan took) => connect.Record(took.TotalSeconds, _cluster, _endpoint);

    /// <summary>The attempt failed; the kind is an errno's name or name_resolution.</summary>
    public void Failed(string kind, TimeSpan took) => connect.Record(took.TotalSeconds, _cluster, _endpoint, new Tag("error.type", kind));
}
