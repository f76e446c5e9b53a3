using System.Diagnostics.Metrics;
using Sluice.ProxyHost.Model;
using Sluice.Redirect;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>What the connections of one listener record. Safe from any thread; recording allocates nothing.</summary>
internal sealed class ListenerMetrics
{
    private readonly Tag[][][] _tags;
    private readonly Tag _listener;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _wouldReject;
    private readonly Counter<long> _acceptErrors;

    public ListenerMetrics(ListenerState listener, Histogram<double> duration, Counter<long> rejected, Counter<long> wouldReject, Counter<long> acceptErrors)
    {
        (_duration, _rejected, _wouldReject, _acceptErrors) = (duration, rejected, wouldReject, acceptErrors);
        _listener = new("listener", listener.Config.Name);
        _tags = [.. listener.Clusters.Select(TagsOf)];
    }

    /// <summary>A connection has ended.</summary>
    public void Ended(ListenerCluster cluster, EndReason reason, TimeSpan lifetime) =>
        _duration.Record(lifetime.TotalSeconds, _tags[cluster.Index][(int)reason]);

    /// <summary>A connection was refused by a limit.</summary>
    public void Rejected(ListenerCluster cluster, EndReason reason) => _rejected.Add(1, _tags[cluster.Index][(int)reason]);

    /// <summary>A connection was let in that a limit in a dry run would have refused.</summary>
    public void WouldReject(ListenerCluster cluster, EndReason reason) => _wouldReject.Add(1, _tags[cluster.Index][(int)reason]);

    /// <summary>accept failed; the kind is an errno's name.</summary>
    public void AcceptFailed(string kind) => _acceptErrors.Add(1, _listener, new Tag("error.type", kind));

    // For each end reason; by convention error.type is absent when nothing went wrong.
    private Tag[][] TagsOf(ListenerCluster of)
    {
        var cluster = new Tag("cluster", of.Cluster.Config.Name);
        EndReason[] reasons = Enum.GetValues<EndReason>();
        var tags = new Tag[(int)reasons.Max() + 1][];
        foreach (EndReason reason in reasons)
            tags[(int)reason] = reason == EndReason.Completed ? [_listener, cluster] : [_listener, cluster, new Tag("error.type", reason.Name())];
        return tags;
    }
}
