using Sluice.Load.Proxies;

namespace Sluice.Load.Traffic;

/// <summary>What a scenario counts.</summary>
internal enum ScenarioUnit
{
    /// <summary>Requests, CPU per request.</summary>
    Requests,
    /// <summary>Gigabits, CPU per gigabyte (10⁹ bytes).</summary>
    Gigabytes,
}

/// <summary>One kind of traffic.</summary>
/// <param name="Name">As --only takes it.</param>
/// <param name="Title">As the report shows it.</param>
/// <param name="Unit">What it counts.</param>
/// <param name="Service">What the traffic is for.</param>
/// <param name="Open">Sets the traffic up against a port of that service.</param>
internal sealed record Scenario(string Name, string Title, ScenarioUnit Unit, Service Service, Func<int, ITraffic> Open)
{
    private const int Clients = 16;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("ping-512", "Ping-pong, 64 connections × 512 B", ScenarioUnit.Requests, Service.Echo, port => new PingPong(port, 64, 512)),
        new("ping-16k", "Ping-pong, 64 connections × 16 KiB", ScenarioUnit.Requests, Service.Echo, port => new PingPong(port, 64, 16 * 1024)),
        new("bulk-1", "Bulk, one stream", ScenarioUnit.Gigabytes, Service.Sink, port => new Bulk(port, 1)),
        new("bulk-4", "Bulk, four streams", ScenarioUnit.Gigabytes, Service.Sink, port => new Bulk(port, 4)),
        new("paced-1", "One stream of 128 KiB each millisecond, slower than any proxy", ScenarioUnit.Gigabytes, Service.Sink, port => new Paced(port, 128 * 1024)),
        new("paced-2", "One stream of 256 KiB each millisecond, slower than any proxy", ScenarioUnit.Gigabytes, Service.Sink, port => new Paced(port, 256 * 1024)),
        new("connect", "Connect, 512 B request and echo, close; 16 at a time", ScenarioUnit.Requests, Service.Echo, port => new ConnectRate(port, 16, 512)),
        new("redis-set", "redis-benchmark SET, 50 connections", ScenarioUnit.Requests, Service.Redis, port => new RedisBenchmark(port, "set")),
        new("pgbench-select", $"pgbench --select-only, {Clients} connections", ScenarioUnit.Requests, Service.Postgres, port => new PgBench(port, Clients, "--select-only")),
        new("pgbench-write", $"pgbench, reading and writing, {Clients} connections", ScenarioUnit.Requests, Service.Postgres, port => new PgBench(port, Clients)),
    ];

    /// <summary>Whether it takes programs that have to be installed; such a scenario is run only when it is asked for by name.</summary>
    public bool IsApplication => Service.Programs is not null;
}
