using System.Diagnostics.Metrics;
using Sluice.ProxyHost.Model;
using Sluice.Redirect;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>What the connections of one listener record. Safe from any thread; recording allocates nothing.</summary>
internal sealed class ListenerMetrics
{
    private readonly Tag[][] _tags;
    private readonly Tag _listener;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _acceptErrors;

    public ListenerMetrics(ListenerState listener, Histogram<double> duration, Counter<long> rejected, Counter<long> acceptErrors)
    {
        (_duration, _rejected, _acceptErrors) = (duration, rejected, acceptErrors);
        _listener = new("listener", listener.Config.Name);
        var cluster = new Tag("cluster", listener.Cluster.Config.Name);
        EndReason[] reasons = Enum.GetValues<EndReason>();
        _tags = new Tag[(int)reasons.Max() + 1][];
        foreach (EndReason reason in reasons)
        {
            // By convention error.type is absent when nothing went wrong.
            _tags[(int)reason] = reason == EndReason.Completed
                ? [_listener, cluster]
                : [_listener, cluster, new Tag("error.type", reason.Name())];
        }
    }

    /// <summary>A connection has ended.</summary>
    public void Ended(EndReason reason, TimeSpan lifetime) => _duration.Record(lifetime.TotalSeconds, _tags[(int)reason]);

    /// <summary>A connection was refused by a limit.</summary>
    public void Rejected(EndReason reason) => _rejected.Add(1, _tags[(int)reason]);

    /// <summary>accept failed; the kind is an errno's name.</summary>
    public void AcceptFailed(string kind) => _acceptErrors.Add(1, _listener, new Tag("error.type", kind));
}
