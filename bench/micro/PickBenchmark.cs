using System.Net;
using BenchmarkDotNet.Attributes;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model;

namespace Sluice.Micro;

/// <summary>What it costs to pick an endpoint, of few and of very many, with weights that are all different or all the same.</summary>
[MemoryDiagnoser]
public class PickBenchmark
{
    private readonly IPEndPoint[] _sources = [.. Enumerable.Range(1, 256).Select(i => new IPEndPoint(i * 7919L, i))];
    private ClusterState _cluster = null!;
    private int _next;

    [Params(3, 10_000)]
    public int Endpoints { get; set; }

    [Params(false, true)]
    public bool Weighted { get; set; }

    [Params(BalanceKind.RoundRobin, BalanceKind.LeastConnections, BalanceKind.RandomTwoChoices, BalanceKind.Maglev)]
    public BalanceKind Balance { get; set; }

    [GlobalSetup]
    public void Create()
    {
        EndpointConfig[] endpoints =
        [
            .. Enumerable.Range(0, Endpoints).Select(i => new EndpointConfig($"10.0.{i >> 8}.{i & 255}:80", EndpointKind.Ip, "", 0, new IPEndPoint(i, 80))
            {
                Weight = Weighted ? 1 + (i % 5) : 1,
            }),
        ];
        _cluster = new ClusterState(new ClusterConfig("bench", Balance, [.. endpoints], 100, TimeSpan.FromSeconds(1), 1));
    }

    [Benchmark]
    public int Pick() => _cluster.Policy.Pick(_cluster.Membership, _sources[_next++ & 255]);
}
