using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model.Live;
using Sluice.Redirect;
using Sluice.Redirect.Transports;

namespace Sluice.ProxyHost.Model.Discovery;

/// <summary>The names of a cluster, and its endpoints made of what they lead to. Safe from any thread.</summary>
internal sealed class ClusterDiscovery
{
    private readonly Lock _lock = new();
    private readonly ClusterConfig _config;
    private readonly TimeProvider _clock;
    private readonly GoneEndpoints _gone;

    /// <param name="config">Has a discovery.</param>
    /// <param name="clock">Measures ramps and waits.</param>
    /// <param name="before">Of the cluster of the name until now: what its names lead to goes on.</param>
    public ClusterDiscovery(ClusterConfig config, TimeProvider clock, ClusterDiscovery? before)
    {
        (_config, _clock, _gone) = (config, clock, before?._gone ?? new());
        DiscoveryType type = config.Discovery!.Type;
        Names =
        [
            .. config.Endpoints.Where(endpoint => endpoint.Kind == EndpointKind.HostName).DistinctBy(endpoint => endpoint.Text).Select(endpoint =>
                before?.Names.FirstOrDefault(name => name.Text == endpoint.Text && name.Type == type)
                ?? new DiscoveredName(endpoint.Text, endpoint.Host, endpoint.Port, type)),
        ];
    }

    /// <summary>In the order of the configuration.</summary>
    public IReadOnlyList<DiscoveredName> Names { get; }

    /// <summary>What the names lead to now, and what is configured as an address.</summary>
    public IReadOnlyList<EndpointConfig> Endpoints => DiscoveredEndpoints.Of(_config, Names);

    /// <summary>Whether the first answer for one of the names may still come at any moment.</summary>
    public bool IsPending => Names.Any(name => name.Standing.IsPending);

    /// <summary>What is the matter with the names, in words; null: nothing.</summary>
    public string? Trouble => Names.FirstOrDefault(name => name.Standing.Addresses.IsEmpty) is { } name
        ? $"{name.Host}: {name.Standing.Trouble ?? "not looked up yet"}"
        : null;

    /// <summary>
    /// Gives the cluster the endpoints that the names lead to by now. Those that stay are the same objects; connections to those that
    /// are gone go on. Returns how many came and went.
    /// </summary>
    public (int Added, int Removed) Apply(ClusterState cluster)
    {
        lock (_lock)
        {
            EndpointState[] before = cluster.Endpoints;
            Dictionary<string, EndpointState> known = [];
            foreach (EndpointState endpoint in before)
                known.TryAdd(endpoint.Config.Text, endpoint);
            int stayed = 0;
            EndpointState[] now =
            [
                .. Endpoints.Select(config =>
                {
                    if (!known.Remove(config.Text, out EndpointState? same))
                        return Create(config, isLate: before.Length > 0);
                    stayed++;
                    return same.Config == config ? same : ClusterState.Again(config, same, _config.HealthCheck is not null);
                }),
            ];
            if (now.SequenceEqual(before))
                return (0, 0);
            cluster.Replace(now);
            _gone.Add(known.Values);
            return (now.Length - stayed, before.Length - stayed);
        }
    }

    /// <summary>Waits for the first endpoint, at most as long as an attempt to connect may take; less when aborted, or when there is none to wait for.</summary>
    public async ValueTask<ClusterMembership> FirstAsync(ClusterState cluster, IAbortScope scope)
    {
        long began = _clock.GetTimestamp();
        using var aborted = new AbortSource(scope);
        try
        {
            while (true)
            {
                Task changed = Task.WhenAny(Names.Select(name => name.Changed));
                ClusterMembership members = cluster.Membership;
                TimeSpan left = _config.ConnectTimeout - _clock.GetElapsedTime(began);
                if (members.Endpoints.Length > 0 || !IsPending || left <= TimeSpan.Zero)
                    return members;
                await changed.WaitAsync(left, _clock, aborted.Token);
                // A reload may have put another in the place of this cluster, which nobody else tells of answers any more.
                await Task.Run(() => Apply(cluster));
            }
        }
        catch (TimeoutException)
        {
            return cluster.Membership;
        }
        catch (OperationCanceledException)
        {
            return cluster.Membership;
        }
    }

    private EndpointState Create(EndpointConfig config, bool isLate)
    {
        var endpoint = new EndpointState(config, _gone.Take(config.Text) ?? new EndpointLive(config.Address, null));
        // The first of all have nobody to take their share meanwhile.
        if (isLate && _config.SlowStart > TimeSpan.Zero)
            endpoint.Health.RampingSince = _clock.GetTimestamp();
        return endpoint;
    }
}
