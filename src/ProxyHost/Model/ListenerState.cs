using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model.Live;
using Sluice.ProxyHost.Limits;
using Sluice.Redirect;
using Sluice.Redirect.Splicing;

namespace Sluice.ProxyHost.Model;

/// <summary>
/// A listener of one snapshot, with the clusters it proxies to. A connection keeps the one it was accepted by. Safe from any thread.
/// </summary>
internal sealed class ListenerState
{
    private readonly int _further;
    private readonly Dictionary<int, RuleTally> _tallyOf = [];
    private RuleTally[] _tallies = [];

    /// <param name="config">Valid.</param>
    /// <param name="model">The snapshot it is of, whose clusters and programs are there.</param>
    /// <param name="before">The listener of the name until now, whose live state goes on.</param>
    public ListenerState(ListenerConfig config, ModelSnapshot model, ListenerState? before = null)
    {
        Config = config;
        Live = before?.Live ?? new ListenerLive(config.MaxConnections);
        Limits = new SpliceLimits(config.IdleTimeout, config.HalfClosedIdleTimeout, config.MaxDuration);
        ProgramState? fromClient = model.Program(config.Programs.FromClient);
        ProgramState? fromUpstream = model.Program(config.Programs.FromUpstream);
        Programs = [.. new[] { fromClient, fromUpstream }.OfType<ProgramState>().Distinct()];
        Clusters =
        [
            .. config.Routes.Select(route => route.Cluster).Prepend(config.Cluster).Distinct()
                .Select((name, index) => new ListenerCluster(this, model.Cluster(name), index, model)),
        ];
        Bandwidth = BandwidthTerms.Of(config.Bandwidth, Live.Delays);
        ProxyProtocol = ProxyProtocolState.Of(config);
        Gate = ListenerGate.Of(config, TimeProvider.System);
        Routes = config.Routes.IsEmpty ? null : new RouteTable(config, Clusters);
        int further = Programs.SelectMany(program => program.Clusters).Distinct().Count();
        Maps = before is not null && before._further == further && before.Config.MaxConnections == config.MaxConnections
            && before.Maps.FromClient == fromClient?.Stream && before.Maps.FromUpstream == fromUpstream?.Stream
            ? before.Maps
            : new SpliceMaps(config.MaxConnections, fromClient?.Stream, fromUpstream?.Stream, further);
        _further = further;
    }

    /// <summary>What goes on when the configuration changes.</summary>
    public ListenerLive Live { get; }

    /// <summary>As configured.</summary>
    public ListenerConfig Config { get; }

    /// <summary>Where its connections go, its own cluster first, each once.</summary>
    public ListenerCluster[] Clusters { get; }

    /// <summary>Its own cluster.</summary>
    public ClusterState Cluster => Clusters[0].Cluster;

    /// <summary>What it expects of PROXY headers; null: none.</summary>
    public ProxyProtocolState? ProxyProtocol { get; }

    /// <summary>Who is let in; null: anybody.</summary>
    public ListenerGate? Gate { get; }

    /// <summary>How fast the bytes of its connections may come; null: as fast as they do.</summary>
    public Bandwidth? Bandwidth { get; }

    /// <summary>What chooses among the clusters; null where there is one.</summary>
    public RouteTable? Routes { get; }

    /// <summary>The programs that judge its connections' bytes, each once.</summary>
    public ProgramState[] Programs { get; }

    /// <summary>Its connections.</summary>
    public ConnectionCount Connections => Live.Connections;

    /// <summary>The time limits of its connections, one object for all.</summary>
    public SpliceLimits Limits { get; }

    /// <summary>The sockhashes that the sockets of its connections lie in; those of the snapshot before where nothing about them changed.</summary>
    public SpliceMaps Maps { get; }

    /// <summary>Connections that were spliced although no map took their sockets.</summary>
    public long Unregistered => Live.Unregistered;

    /// <summary>True while all its addresses are bound and being accepted from.</summary>
    public bool Accepting { get => Live.Accepting; set => Live.Accepting = value; }

    /// <summary>One for each number of an accept queue; empty without programs. Only grows, and only before the queue is accepted from.</summary>
    public IReadOnlyList<RuleTally> Tallies => Volatile.Read(ref _tallies);

    /// <summary>Puts a pair's sockets into the maps. False: they were refused, and it must not be spliced without them.</summary>
    public bool TryRegister(SplicePair pair, out Errno errno)
    {
        errno = Maps.Insert(pair);
        if (errno == Errno.None)
            return true;

        Live.AddUnregistered();
        return !Maps.AreNeeded;
    }

    /// <summary>The tally of an accept queue, by its number: one for those of several addresses. Null without programs.</summary>
    public RuleTally? Tally(int queue)
    {
        if (Programs.Length == 0)
            return null;

        if (!_tallyOf.TryGetValue(queue, out RuleTally? tally))
        {
            _tallyOf[queue] = tally = Live.Tally(queue, Programs);
            Volatile.Write(ref _tallies, [.. _tallies, tally]);
        }

        return tally;
    }
}
