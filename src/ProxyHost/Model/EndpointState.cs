using System.Net;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Telemetry;
using Sluice.ProxyHost.Upstreams;
using Sluice.ProxyHost.Upstreams.Health;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Model;

/// <summary>One endpoint of a cluster while the daemon runs: its addresses and its live counters. Safe from any thread.</summary>
internal sealed class EndpointState(EndpointConfig config, HostNameResolver? resolver = null)
{
    private EndPoint[]? _known = config.Address is { } address ? [address] : null;
    private int _inUse;
    private int _open;
    private volatile bool _isEligible;

    /// <summary>As configured.</summary>
    public EndpointConfig Config { get; } = config;

    /// <summary>Whether it is fit to take connections.</summary>
    public EndpointHealth Health { get; } = new();

    /// <summary>Judges it by what becomes of attempts to connect; null: nobody does.</summary>
    public OutlierDetector? Outliers { get; set; }

    /// <summary>What attempts to connect record to; null until the first.</summary>
    public EndpointMetrics? Metrics { get; set; }

    /// <summary>Who waits for its places; null where its cluster's endpoints have no limits.</summary>
    public ClusterQueue? Queue { get; set; }

    /// <summary>Whether it takes new connections at the moment. Set by its cluster.</summary>
    public bool IsEligible { get => _isEligible; set => _isEligible = value; }

    /// <summary>Connections being dialled or open: what balancing looks at, so that a burst spreads before the first is up.</summary>
    public int InUse => Volatile.Read(ref _inUse);

    /// <summary>Connections that are open.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Says where an endpoint that the daemon itself embeds is to be found, once that is known.</summary>
    public void Locate(EndPoint address) => _known = [address];

    /// <summary>The addresses to try, in order. For a host name it waits at most <paramref name="bound"/>, less when aborted.</summary>
    public ValueTask<NameResolution> AddressesAsync(TimeSpan bound, IAbortScope? scope)
    {
        if (_known is { } known)
            return new(new NameResolution(known, null));
        return resolver is null ? new(new NameResolution([], $"{Config.Text} is not running")) : resolver.ResolveAsync(bound, scope);
    }

    /// <summary>An attempt begins, whatever the limit.</summary>
    public void Dialling() => Interlocked.Increment(ref _inUse);

    /// <summary>An attempt begins, unless the endpoint is full.</summary>
    public bool TryDial()
    {
        if (Config.MaxConnections == 0)
        {
            Dialling();
            return true;
        }

        // Never more than the limit for a moment: a place that somebody gives back then would be missed by who waits for it.
        for (int inUse = InUse; inUse < Config.MaxConnections;)
        {
            int seen = Interlocked.CompareExchange(ref _inUse, inUse + 1, inUse);
            if (seen == inUse)
                return true;
            inUse = seen;
        }

        return false;
    }

    /// <summary>The attempt came to nothing.</summary>
    public void Failed() => Release();

    /// <summary>The attempt made a connection.</summary>
    public void Opened() => Interlocked.Increment(ref _open);

    /// <summary>The connection is gone.</summary>
    public void Closed()
    {
        Interlocked.Decrement(ref _open);
        Release();
    }

    private void Release()
    {
        Interlocked.Decrement(ref _inUse);
        Queue?.Released(this);
    }
}
