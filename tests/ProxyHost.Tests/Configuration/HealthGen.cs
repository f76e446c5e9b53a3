using System.Collections.Immutable;
using System.Net;
using CsCheck;
using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Tests.Configuration;

/// <summary>Random keys of a cluster that say which of its endpoints are used.</summary>
internal static class HealthGen
{
    private static readonly Gen<TimeSpan> Hour = Gen.Long[1, 3_600_000].Select(ms => TimeSpan.FromMilliseconds(ms));
    private static readonly Gen<ImmutableArray<byte>> Octets = Gen.Byte.Array[1, 20].Select(octets => octets.ToImmutableArray());

    /// <summary>Weight, priority and limit for up to four endpoints; mostly the usual ones.</summary>
    public static Gen<(int Weight, int Priority, int Most)[]> Endpoints { get; } =
        Gen.OneOf<(int, int, int)>(Gen.Const((1, 0, 0)), Gen.Select(Gen.Int[1, 256], Gen.Int[0, 127], Gen.Int[0, 50])).Array[4];

    public static Gen<QueueConfig?> Queue { get; } =
        Gen.OneOf<QueueConfig?>(Gen.Const((QueueConfig?)null), Gen.Select(Gen.Int[1, 1_000_000], Hour, (size, time) => (QueueConfig?)new QueueConfig(size, time)));

    public static Gen<Func<ClusterConfig, ClusterConfig>> Keys { get; } = Gen.Select(
        Check(), Outliers(), Gen.OneOf<TimeSpan>(Gen.Const(TimeSpan.Zero), Hour), Gen.Int[0, 100], Gen.Select(Gen.Bool, Discovery()),
        (check, outliers, slow, panic, last) => (Func<ClusterConfig, ClusterConfig>)(cluster => cluster with
        {
            HealthCheck = check,
            OutlierDetection = outliers,
            SlowStart = slow,
            PanicThreshold = panic,
            CloseConnectionsOnUnhealthy = last.Item1,
            // What is nothing to discover, or has ports of its own, is no good configuration.
            Discovery = cluster.Endpoints.Any(endpoint => endpoint.Kind == EndpointKind.HostName) ? last.Item2 : null,
        }));

    public static ClusterConfig Apply(
        ClusterConfig cluster, (int Weight, int Priority, int Most)[] of, QueueConfig? queue, Func<ClusterConfig, ClusterConfig> with)
    {
        ImmutableArray<EndpointConfig> endpoints =
            [.. cluster.Endpoints.Select((endpoint, i) => endpoint with { Weight = of[i].Weight, Priority = of[i].Priority, MaxConnections = of[i].Most })];
        return with(cluster) with { Endpoints = endpoints, Queue = endpoints.Any(endpoint => endpoint.MaxConnections > 0) ? queue : null };
    }

    private static Gen<HealthCheckConfig?> Check() => Gen.Select(
        Gen.Int[-1, 2], Gen.Select(Hour, Hour), Gen.Select(Gen.Int[0, 100], Gen.Int[1, 100], Gen.Int[1, 100]), Octets, Octets,
        (type, times, counts, send, expect) => type < 0 ? null : new HealthCheckConfig((HealthCheckType)type, times.Item1, times.Item2, counts.Item1, counts.Item2, counts.Item3)
        {
            Send = type == (int)HealthCheckType.SendExpect ? send : [],
            Expect = type == (int)HealthCheckType.SendExpect ? expect : [],
        });

    private static Gen<DiscoveryConfig?> Discovery() => Gen.Select(
        Gen.Bool, Gen.Select(Hour, Hour, Gen.Long[1, 60_000]), Gen.OneOf<TimeSpan>(Gen.Const(TimeSpan.Zero), Hour), Gen.Select(Gen.Byte.Array[4], Gen.Int[1, 65535]).Array[0, 3],
        (has, times, expire, resolvers) => has
            ? new DiscoveryConfig(DiscoveryType.Dns, times.Item1, times.Item1 + times.Item2, TimeSpan.FromMilliseconds(times.Item3))
            {
                Interval = expire,
                ExpireAfter = expire,
                Resolvers = [.. resolvers.Select(one => new IPEndPoint(new IPAddress(one.Item1), one.Item2))],
            }
            : null);

    private static Gen<OutlierDetectionConfig?> Outliers() => Gen.Select(
        Gen.Bool, Gen.Select(Gen.Int[1, 10_000], Gen.Int[1, 100], Gen.Int[1, 1_000_000], Gen.Int[1, 100]), Gen.Select(Hour, Hour, Hour),
        (has, counts, times) => has
            ? new OutlierDetectionConfig(counts.Item1, counts.Item2, times.Item1, counts.Item3, times.Item2, times.Item2 + times.Item3, counts.Item4)
            : null);
}
