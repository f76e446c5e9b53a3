using System.Diagnostics.Metrics;
using Sluice.ProxyHost.Model;
using Sluice.Redirect;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>What connections record that have waited for an endpoint of one cluster. Safe from any thread.</summary>
internal sealed class QueueMetrics(ClusterState cluster, Histogram<double> wait)
{
    private readonly Tag _cluster = new("cluster", cluster.Config.Name);

    /// <summary>A wait is over: with a place where there is no failure. Who may not even wait is not recorded here.</summary>
    public void Waited(TimeSpan took, EndReason failure)
    {
        if (failure is EndReason.QueueOverflow or EndReason.EndpointLimit)
            return;
        cluster.Live.Waits.Add(took);
        if (failure == EndReason.None)
            wait.Record(took.TotalSeconds, _cluster);
        else
            wait.Record(took.TotalSeconds, _cluster, new Tag("error.type", failure.Name()));
    }
}
