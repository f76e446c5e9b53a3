using Sluice.ProxyHost.Configuration;
using Sluice.Redirect.Splicing;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Model;

/// <summary>A listener while the daemon runs, with the cluster it proxies to. Safe from any thread.</summary>
internal sealed class ListenerState(ListenerConfig config, ClusterState cluster)
{
    private long _unregistered;
    private ByteMeter[] _meters = [];
    private volatile bool _accepting;

    /// <summary>As configured.</summary>
    public ListenerConfig Config { get; } = config;

    /// <summary>Where its connections go.</summary>
    public ClusterState Cluster { get; } = cluster;

    /// <summary>Its connections.</summary>
    public ConnectionCount Connections { get; } = new(config.MaxConnections);

    /// <summary>The time limits of its connections, one object for all.</summary>
    public SpliceLimits Limits { get; } = new(config.IdleTimeout, config.HalfClosedIdleTimeout, config.MaxDuration);

    /// <summary>The sockhashes that the sockets of its connections lie in.</summary>
    public SpliceMaps Maps { get; } = new(config.MaxConnections);

    /// <summary>Connections that were spliced although no map took their sockets.</summary>
    public long Unregistered => Interlocked.Read(ref _unregistered);

    /// <summary>True while all its addresses are bound and being accepted from.</summary>
    public bool Accepting { get => _accepting; set => _accepting = value; }

    /// <summary>One for each accept loop. Only grows, and only before the loops start.</summary>
    public IReadOnlyList<ByteMeter> Meters => Volatile.Read(ref _meters);

    /// <summary>A place for one more connection here and in the cluster; otherwise the limit that stands against it.</summary>
    public EndReason Admit()
    {
        if (!Connections.TryEnter())
            return EndReason.ListenerLimit;
        if (Cluster.Connections.TryEnter())
            return EndReason.None;
        Connections.Leave();
        return EndReason.ClusterLimit;
    }

    /// <summary>Gives back what <see cref="Admit"/> took.</summary>
    public void Release()
    {
        Cluster.Connections.Leave();
        Connections.Leave();
    }

    /// <summary>Puts a pair's sockets into the maps. False: they were refused, and it must not be spliced without them.</summary>
    public bool TryRegister(SplicePair pair, out Errno errno)
    {
        errno = Maps.Insert(pair);
        if (errno == Errno.None)
            return true;

        Interlocked.Increment(ref _unregistered);
        return !Maps.AreNeeded;
    }

    /// <summary>A meter for one more accept loop.</summary>
    public ByteMeter AddMeter()
    {
        var meter = new ByteMeter();
        Volatile.Write(ref _meters, [.. _meters, meter]);
        return meter;
    }
}
