using System.Net;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Upstreams;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Model;

/// <summary>One endpoint of a cluster while the daemon runs: its addresses and its live counters. Safe from any thread.</summary>
internal sealed class EndpointState(EndpointConfig config, HostNameResolver? resolver = null)
{
    private EndPoint[]? _known = config.Address is { } address ? [address] : null;
    private int _inUse;
    private int _open;

    /// <summary>As configured.</summary>
    public EndpointConfig Config { get; } = config;

    /// <summary>Connections being dialled or open: what balancing looks at, so that a burst spreads before the first is up.</summary>
    public int InUse => Volatile.Read(ref _inUse);

    /// <summary>Connections that are open.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>True while an operator wants no new connections to it.</summary>
    public bool IsDraining { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>Says where an endpoint that the daemon itself embeds is to be found, once that is known.</summary>
    public void Locate(EndPoint address) => _known = [address];

    /// <summary>The addresses to try, in order. For a host name it waits at most <paramref name="bound"/>, less when aborted.</summary>
    public ValueTask<NameResolution> AddressesAsync(TimeSpan bound, IAbortScope scope)
    {
        if (_known is { } known)
            return new(new NameResolution(known, null));
        return resolver is null ? new(new NameResolution([], $"{Config.Text} is not running")) : resolver.ResolveAsync(bound, scope);
    }

    /// <summary>An attempt begins.</summary>
    public void Dialling() => Interlocked.Increment(ref _inUse);

    /// <summary>The attempt came to nothing.</summary>
    public void Failed() => Interlocked.Decrement(ref _inUse);

    /// <summary>The attempt made a connection.</summary>
    public void Opened() => Interlocked.Increment(ref _open);

    /// <summary>The connection is gone.</summary>
    public void Closed()
    {
        Interlocked.Decrement(ref _open);
        Interlocked.Decrement(ref _inUse);
    }
}
