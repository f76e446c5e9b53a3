using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model.Discovery;
using Sluice.ProxyHost.Model.Live;
using Sluice.ProxyHost.Upstreams;
using Sluice.ProxyHost.Upstreams.Health;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Model;

/// <summary>A cluster while the daemon runs. Safe from any thread.</summary>
/// <remarks>What stays of a cluster when its configuration changes: its endpoints' <see cref="EndpointLive"/>, its count of connections and its <see cref="ClusterLive"/>.</remarks>
internal sealed class ClusterState
{
    private const double LeastRamp = 0.1;
    private const int RampSteps = 20;
    private static readonly TimeSpan ShortestStep = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private volatile EndpointState[] _endpoints;
    private volatile ClusterMembership _membership;
    private ITimer? _ramp;

    /// <param name="config">Valid.</param>
    /// <param name="clock">Measures ramps, windows and waits.</param>
    /// <param name="before">The cluster of the name until now, of which nothing changes before <see cref="Begin"/>.</param>
    public ClusterState(ClusterConfig config, TimeProvider? clock = null, ClusterState? before = null)
    {
        (Config, _clock) = (config, clock ?? TimeProvider.System);
        Connections = before?.Connections ?? new(config.MaxConnections);
        Live = before?.Live ?? new();
        Policy = LoadBalancingPolicies.Create(config.Balance);
        SentHeader = SentProxyHeader.Of(config);
        if (config.Endpoints.Any(endpoint => endpoint.MaxConnections > 0))
            Queue = new ClusterQueue(this, config.Queue, _clock);
        if (config.Discovery is not null)
            Discovery = new ClusterDiscovery(config, _clock, before?.Discovery);
        IReadOnlyList<EndpointConfig> endpoints = Discovery?.Endpoints ?? config.Endpoints;
        _endpoints = before is null ? [.. endpoints.Select(Create)] : TakeOver(endpoints, config, before);
        Array.ForEach(_endpoints, Adopt);
        _membership = Publish();
        if (before is null)
            Begin();
    }

    /// <summary>As configured.</summary>
    public ClusterConfig Config { get; }

    /// <summary>The names that it discovers its endpoints by; null where they are those of the configuration.</summary>
    public ClusterDiscovery? Discovery { get; }

    /// <summary>All of them, in the order of the configuration.</summary>
    public EndpointState[] Endpoints => _endpoints;

    /// <summary>Those that take new connections at the moment. Read it once for each decision.</summary>
    public ClusterMembership Membership => _membership;

    /// <summary>Decides which endpoint a connection tries first.</summary>
    public ILoadBalancingPolicy Policy { get; }

    /// <summary>Writes the PROXY header that its servers get first; null where they get none.</summary>
    public SentProxyHeader? SentHeader { get; }

    /// <summary>True when its one endpoint is whatever each connection was made to.</summary>
    public bool HasOriginalDestination => Config.Endpoints is [{ Kind: EndpointKind.OriginalDestination }];

    /// <summary>Connections to all endpoints together.</summary>
    public ConnectionCount Connections { get; }

    /// <summary>What is counted of it, whatever its configuration says.</summary>
    public ClusterLive Live { get; }

    /// <summary>Where connections wait for an endpoint that is not full; null where none ever is.</summary>
    public ClusterQueue? Queue { get; }

    /// <summary>Hears that an endpoint became healthy or unhealthy, after new connections know. On any thread.</summary>
    public event Action<EndpointState, HealthChange>? HealthChanged;

    /// <summary>Hears that a panic begins or ends. On any thread.</summary>
    public event Action<bool>? PanicChanged;

    /// <summary>Hears that there are other endpoints. On any thread.</summary>
    public event Action? EndpointsChanged;

    /// <summary>
    /// Takes other endpoints from now on; those that stay are the same objects and keep what is known of them. Connections to those
    /// that are gone go on. One caller at a time.
    /// </summary>
    public void Replace(IEnumerable<EndpointState> endpoints)
    {
        EndpointState[] all = [.. endpoints];
        EndpointState[] gone = [.. _endpoints.Except(all)];
        Array.ForEach(all, Adopt);
        _endpoints = all;
        Begin();
        Rebuild();
        foreach (EndpointState endpoint in gone)
        {
            endpoint.IsEligible = false;
            endpoint.Outliers?.Dispose();
        }

        EndpointsChanged?.Invoke();
    }

    /// <summary>It is what goes from now on: places that come free serve who waits here.</summary>
    public void Begin()
    {
        if (Queue is null)
            return;
        foreach (EndpointState endpoint in _endpoints)
            endpoint.Live.Await(endpoint);
    }

    /// <summary>Another has taken its place: who is still being dialled for goes on with what is known now.</summary>
    public void Retire()
    {
        lock (_lock)
            _ramp?.Dispose();
        foreach (EndpointState endpoint in _endpoints)
            endpoint.Outliers?.Dispose();
    }

    /// <summary>Looks at weights and health anew.</summary>
    public void Rebuild()
    {
        bool wasPanic;
        bool isPanic;
        lock (_lock)
        {
            wasPanic = _membership.IsPanic;
            _membership = Publish();
            isPanic = _membership.IsPanic;
        }

        Queue?.Serve();
        if (wasPanic != isPanic)
            PanicChanged?.Invoke(isPanic);
    }

    /// <summary>One source's opinion of an endpoint has changed. It is healthy when all sources say so.</summary>
    public void Mark(EndpointState endpoint, HealthSource source, bool isGood, string cause, Errno errno = Errno.None)
    {
        HealthChange? change = null;
        lock (_lock)
        {
            EndpointHealth health = endpoint.Health;
            bool wasHealthy = health.IsHealthy;
            if (source == HealthSource.Check)
                health.FailsChecks = !isGood;
            else
                health.IsEjected = !isGood;
            if (health.IsHealthy != wasHealthy)
            {
                change = new HealthChange(health.IsHealthy, cause, errno, _clock.GetUtcNow());
                health.RampingSince = change.IsHealthy && Config.SlowStart > TimeSpan.Zero ? _clock.GetTimestamp() : null;
                health.Last = change;
            }
        }

        if (change is null)
            return;
        Rebuild();
        HealthChanged?.Invoke(endpoint, change);
    }

    /// <summary>Takes an endpoint out for failing connections, unless as many are out as may be, or it is.</summary>
    public bool TryEject(EndpointState endpoint, int mostPercent, string cause, Errno errno)
    {
        lock (_lock)
        {
            EndpointState[] all = _endpoints;
            int most = Math.Max(1, (int)((long)all.Length * mostPercent / 100));
            if (endpoint.Health.IsEjected || all.Count(one => one.Health.IsEjected) >= most)
                return false;
            // The place among those that are out is taken here, and announced outside of the lock.
            if (!endpoint.Health.IsHealthy)
            {
                endpoint.Health.IsEjected = true;
                return true;
            }

            endpoint.Health.IsEjected = true;
            endpoint.Health.RampingSince = null;
            endpoint.Health.Last = new HealthChange(IsHealthy: false, cause, errno, _clock.GetUtcNow());
        }

        Rebuild();
        HealthChanged?.Invoke(endpoint, endpoint.Health.Last);
        return true;
    }

    /// <summary>How much of its weight an endpoint has at the moment, above 0 up to 1.</summary>
    public double RampOf(EndpointState endpoint) => endpoint.Health.RampingSince is not { } since || Config.SlowStart <= TimeSpan.Zero
        ? 1
        : Math.Clamp(_clock.GetElapsedTime(since) / Config.SlowStart, LeastRamp, 1);

    // Under the lock, but for the first time.
    private ClusterMembership Publish()
    {
        EndpointState[] all = _endpoints;
        ClusterMembership membership = MembershipBuilder.Build(Config, all, RampOf);
        foreach (EndpointState endpoint in all)
            endpoint.IsEligible = false;
        foreach (EndpointState endpoint in membership.Endpoints)
            endpoint.IsEligible = true;

        if (Array.Exists(all, endpoint => RampOf(endpoint) < 1))
        {
            TimeSpan step = Config.SlowStart / RampSteps;
            _ramp ??= _clock.CreateTimer(static cluster => ((ClusterState)cluster!).Rebuild(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _ramp.Change(step > ShortestStep ? step : ShortestStep, Timeout.InfiniteTimeSpan);
        }

        return membership;
    }

    private void Adopt(EndpointState endpoint)
    {
        endpoint.Queue = Queue;
        if (Config.OutlierDetection is { } detection)
            endpoint.Outliers ??= new OutlierDetector(this, endpoint, detection, _clock);
    }

    private static EndpointState[] TakeOver(IEnumerable<EndpointConfig> endpoints, ClusterConfig config, ClusterState before)
    {
        Dictionary<string, EndpointState> known = [];
        foreach (EndpointState endpoint in before._endpoints)
            known.TryAdd(endpoint.Config.Text, endpoint);
        bool areProbed = config.HealthCheck is not null && before.Config.HealthCheck is not null;
        return [.. endpoints.Select(endpoint => known.Remove(endpoint.Text, out EndpointState? same) ? Again(endpoint, same, areProbed) : Create(endpoint))];
    }

    /// <summary>The same endpoint with another configuration. What probes have found goes on until the next of them; who was ejected gets another chance.</summary>
    public static EndpointState Again(EndpointConfig config, EndpointState before, bool isProbed)
    {
        var endpoint = new EndpointState(config, before.Live);
        if (isProbed && before.Health.FailsChecks)
            (endpoint.Health.FailsChecks, endpoint.Health.Last) = (true, before.Health.Last);
        return endpoint;
    }

    private static EndpointState Create(EndpointConfig endpoint) => new(
        endpoint,
        endpoint.Kind == EndpointKind.HostName ? new HostNameResolver(endpoint.Host, endpoint.Port) : null);
}
