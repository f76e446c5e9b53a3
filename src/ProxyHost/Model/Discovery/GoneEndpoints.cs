using Sluice.ProxyHost.Model.Live;

namespace Sluice.ProxyHost.Model.Discovery;

/// <summary>
/// Endpoints that a name no longer leads to, for as long as anybody still has a connection to them: one that comes back counts
/// those. Safe from any thread.
/// </summary>
internal sealed class GoneEndpoints
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, WeakReference<EndpointLive>> _gone = [];

    /// <summary>How many are remembered; not all of them need to have connections.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _gone.Count;
        }
    }

    /// <summary>These are gone. Whoever has ended meanwhile is forgotten.</summary>
    public void Add(IEnumerable<EndpointState> endpoints)
    {
        lock (_lock)
        {
            foreach (string ended in _gone.Where(one => !one.Value.TryGetTarget(out EndpointLive? live) || live.InUse == 0).Select(one => one.Key).ToArray())
                _gone.Remove(ended);
            foreach (EndpointState endpoint in endpoints.Where(endpoint => endpoint.InUse > 0))
                _gone[endpoint.Config.Text] = new(endpoint.Live);
        }
    }

    /// <summary>What is left of an endpoint that comes back; null: nothing.</summary>
    public EndpointLive? Take(string text)
    {
        lock (_lock)
            return _gone.Remove(text, out WeakReference<EndpointLive>? gone) && gone.TryGetTarget(out EndpointLive? live) ? live : null;
    }
}
