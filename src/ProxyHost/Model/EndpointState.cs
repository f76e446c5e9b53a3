using System.Net;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model.Live;
using Sluice.ProxyHost.Telemetry;
using Sluice.ProxyHost.Upstreams;
using Sluice.ProxyHost.Upstreams.Health;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Model;

/// <summary>One endpoint of a cluster in one configuration: its health, and with <see cref="Live"/> its addresses and counters. Safe from any thread.</summary>
internal sealed class EndpointState(EndpointConfig config, EndpointLive live)
{
    private volatile bool _isEligible;

    public EndpointState(EndpointConfig config, HostNameResolver? resolver = null)
        : this(config, new EndpointLive(config.Address, resolver))
    {
    }

    /// <summary>As configured.</summary>
    public EndpointConfig Config { get; } = config;

    /// <summary>What stays when the configuration changes.</summary>
    public EndpointLive Live { get; } = live;

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
    public int InUse => Live.InUse;

    /// <summary>Connections that are open.</summary>
    public int Open => Live.Open;

    /// <summary>Says where an endpoint that the daemon itself embeds is to be found, once that is known.</summary>
    public void Locate(EndPoint address) => Live.Locate(address);

    /// <summary>The addresses to try, in order. For a host name it waits at most <paramref name="bound"/>, less when aborted.</summary>
    public ValueTask<NameResolution> AddressesAsync(TimeSpan bound, IAbortScope? scope) => Live.AddressesAsync(Config.Text, bound, scope);

    /// <summary>An attempt begins, whatever the limit.</summary>
    public void Dialling() => Live.Dialling();

    /// <summary>An attempt begins, unless the endpoint is full.</summary>
    public bool TryDial()
    {
        if (Config.MaxConnections > 0)
            return Live.TryDial(Config.MaxConnections);
        Live.Dialling();
        return true;
    }

    /// <summary>The attempt came to nothing.</summary>
    public void Failed() => Live.Release();

    /// <summary>The attempt made a connection.</summary>
    public void Opened() => Live.Opened();

    /// <summary>The connection is gone.</summary>
    public void Closed() => Live.Closed();
}
