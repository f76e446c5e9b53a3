using System.Collections.Concurrent;
using System.Net;
using Sluice.ProxyHost.Logging;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Telemetry;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Listeners;

/// <summary>
/// Hears from the transport that accept failed, counts it for the listener concerned and logs it, at most once a second.
/// Safe from any thread; never blocks.
/// </summary>
internal sealed class AcceptFailures(ProxyMetrics metrics, ILogger<AcceptFailures> log)
{
    private readonly ConcurrentDictionary<EndPoint, (string Name, ListenerMetrics? Metrics)> _listeners = new();
    private readonly LogGate _gate = new(perSecond: 1);

    /// <summary>From now on failures at that address are the listener's.</summary>
    public void Attribute(EndPoint bound, ListenerState listener) => _listeners[bound] = (listener.Config.Name, metrics.For(listener));

    /// <summary>From now on failures at that address go by this name, in the log only.</summary>
    public void Attribute(EndPoint bound, string name) => _listeners[bound] = (name, null);

    /// <summary>Nothing is bound at that address any more.</summary>
    public void Forget(EndPoint bound) => _listeners.TryRemove(bound, out _);

    /// <summary>One accept failed.</summary>
    public void Report(EndPoint bound, Errno errno)
    {
        string error = errno.ToString();
        (string Name, ListenerMetrics? Metrics) listener = _listeners.TryGetValue(bound, out var known) ? known : ("builtin", null);
        listener.Metrics?.AcceptFailed(error);
        if (_gate.TryPass(out string note))
            log.AcceptFailed(listener.Name, bound, error, Advice(errno), note);
    }

    private static string Advice(Errno errno) => errno switch
    {
        Errno.EMFILE => "raise RLIMIT_NOFILE or lower max_connections",
        Errno.ENFILE => "raise the sysctl fs.file-max",
        Errno.ENOBUFS or Errno.ENOMEM => "the kernel has no memory for sockets",
        _ => "see accept(2)",
    };
}
