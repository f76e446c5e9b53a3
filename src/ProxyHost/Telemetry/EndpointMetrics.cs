using System.Diagnostics.Metrics;
using Sluice.ProxyHost.Model;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>What attempts to connect to one endpoint and its probes record. Safe from any thread.</summary>
internal sealed class EndpointMetrics(ClusterState cluster, EndpointState endpoint, Histogram<double> connect, Counter<long> checks)
{
    private readonly Tag _cluster = new("cluster", cluster.Config.Name);
    private readonly Tag _endpoint = new("endpoint", endpoint.Config.Text);

    /// <summary>The attempt made a connection.</summary>
    public void Connected(TimeSpan took)
    {
        Count(took, isConnected: true);
        connect.Record(took.TotalSeconds, _cluster, _endpoint);
    }

    /// <summary>The attempt failed; the kind is an errno's name or name_resolution.</summary>
    public void Failed(string kind, TimeSpan took)
    {
        Count(took, isConnected: false);
        connect.Record(took.TotalSeconds, _cluster, _endpoint, new Tag("error.type", kind));
    }

    /// <summary>A probe has ended; the kind says what was wrong, null when nothing was.</summary>
    public void Checked(string? kind)
    {
        if (kind is null)
            checks.Add(1, _cluster, _endpoint);
        else
            checks.Add(1, _cluster, _endpoint, new Tag("error.type", kind));
    }

    private void Count(TimeSpan took, bool isConnected)
    {
        cluster.Live.Connects.Add(took);
        endpoint.Live.Count(isConnected);
    }
}
