using System.Net;
using Sluice.ProxyHost.Upstreams;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Model.Live;

/// <summary>
/// What is true of one address of a cluster while it is there, whatever its configuration says meanwhile: each
/// <see cref="EndpointState"/> of it has the same object. Safe from any thread.
/// </summary>
/// <param name="address">Where it is known without a look-up.</param>
/// <param name="resolver">Finds its addresses otherwise; null for what the daemon itself embeds.</param>
internal sealed class EndpointLive(EndPoint? address, HostNameResolver? resolver)
{
    private EndPoint[]? _known = address is null ? null : [address];
    private readonly Lock _changing = new();
    private volatile EndpointState[] _awaited = [];
    private int _inUse;
    private int _open;
    private long _connected;
    private long _failed;

    /// <summary>Connections being dialled or open.</summary>
    public int InUse => Volatile.Read(ref _inUse);

    /// <summary>Connections that are open.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Attempts that made a connection. Never decreases.</summary>
    public long Connected => Interlocked.Read(ref _connected);

    /// <summary>Attempts that failed. Never decreases.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>True while an operator wants no new connections to it.</summary>
    public bool IsDraining { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>An attempt has ended.</summary>
    public void Count(bool isConnected) => Interlocked.Increment(ref isConnected ? ref _connected : ref _failed);

    /// <summary>Says where it is to be found, once that is known.</summary>
    public void Locate(EndPoint found) => _known = [found];

    /// <summary>The addresses to try, in order.</summary>
    public ValueTask<NameResolution> AddressesAsync(string text, TimeSpan bound, IAbortScope? scope)
    {
        if (_known is { } known)
            return new(new NameResolution(known, null));
        return resolver is null ? new(new NameResolution([], $"{text} is not running")) : resolver.ResolveAsync(bound, scope);
    }

    /// <summary>From now on who waits for its places waits there; who waits by an earlier configuration is still served.</summary>
    public void Await(EndpointState endpoint)
    {
        // A reload and a discovery may come at once.
        lock (_changing)
            _awaited = [.. _awaited.Where(other => other != endpoint && other.Queue is { Length: > 0 }).Append(endpoint)];
    }

    public void Dialling() => Interlocked.Increment(ref _inUse);

    /// <summary>Takes a place unless <paramref name="most"/> are taken.</summary>
    public bool TryDial(int most)
    {
        // Never more than the limit for a moment: a place that somebody gives back then would be missed by who waits for it.
        for (int inUse = InUse; inUse < most;)
        {
            int seen = Interlocked.CompareExchange(ref _inUse, inUse + 1, inUse);
            if (seen == inUse)
                return true;
            inUse = seen;
        }

        return false;
    }

    public void Opened() => Interlocked.Increment(ref _open);

    public void Closed()
    {
        Interlocked.Decrement(ref _open);
        Release();
    }

    /// <summary>Gives a place back, to whoever waits for one.</summary>
    public void Release()
    {
        Interlocked.Decrement(ref _inUse);
        foreach (EndpointState endpoint in _awaited)
            endpoint.Queue?.Released(endpoint);
    }
}
