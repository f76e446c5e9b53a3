using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Reloading;
using Sluice.ProxyHost.Telemetry;
using Sluice.ProxyHost.Tests.Hosting;
using Sluice.ProxyHost.Upstreams;
using Sluice.Redirect;
using Sluice.Redirect.Transports;

namespace Sluice.ProxyHost.Tests.Upstreams;

public sealed class DialerTests : IDisposable
{
    private readonly FakeTransport _transport = new();
    private readonly SkippingClock _clock = new();
    private ProxyMetrics? _metrics;
    private ProxyModel? _model;

    private ClusterState Cluster => _model!.Clusters[0];

    public void Dispose() => _metrics?.Dispose();

    [Fact]
    public async Task A_refused_attempt_goes_on_with_the_next_endpoint()
    {
        _transport.OnConnect = address => Port(address) == 2 ? new(new DefaultConnectionContext(), Errno.None) : new(null, Errno.ECONNREFUSED);
        (Dialled dialled, ProxiedConnection connection) = await DialAsync(Configs.Cluster(endpoints: [Configs.Ip(1), Configs.Ip(2), Configs.Ip(3)]));
        Assert.True(dialled.IsConnected);
        Assert.Equal([1, 2], _transport.Dialled.Select(Port));
        Assert.Equal(2, connection.Attempts);
        Assert.Same(Cluster.Endpoints[1], connection.Endpoint);
        Assert.Equal([0, 1, 0], Cluster.Endpoints.Select(e => e.InUse));
        Assert.Equal([0, 1, 0], Cluster.Endpoints.Select(e => e.Open));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public async Task Attempts_are_counted_over_all_endpoints_and_wrap_around(int attempts)
    {
        _transport.OnConnect = _ => new(null, Errno.ECONNREFUSED);
        (Dialled dialled, _) = await DialAsync(Configs.Cluster(attempts: attempts, endpoints: [Configs.Ip(1), Configs.Ip(2), Configs.Ip(3)]));
        Assert.Equal((EndReason.ConnectFailed, Errno.ECONNREFUSED), (dialled.Failure, dialled.Errno));
        Assert.Equal(Enumerable.Range(0, attempts).Select(i => (i % 3) + 1), _transport.Dialled.Select(Port));
        Assert.All(Cluster.Endpoints, endpoint => Assert.Equal((0, 0), (endpoint.InUse, endpoint.Open)));
    }

    [Fact]
    public async Task The_last_attempt_decides_between_failed_and_timeout()
    {
        _transport.OnConnect = address => new(null, Port(address) == 1 ? Errno.ECONNREFUSED : Errno.ETIMEDOUT);
        (Dialled dialled, _) = await DialAsync(Configs.Cluster(attempts: 2, endpoints: [Configs.Ip(1), Configs.Ip(2)]));
        Assert.Equal((EndReason.ConnectTimeout, Errno.ETIMEDOUT), (dialled.Failure, dialled.Errno));
    }

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(2, 2, 0)]
    [InlineData(3, 2, 1)]
    [InlineData(3, 1, 2)]
    [InlineData(6, 1, 5)]
    public async Task Coming_back_to_an_endpoint_takes_a_pause_and_the_next_one_takes_none(int attempts, int endpoints, int pauses)
    {
        _transport.OnConnect = _ => new(null, Errno.ECONNREFUSED);
        await DialAsync(Configs.Cluster(attempts: attempts, endpoints: [.. Enumerable.Range(1, endpoints).Select(Configs.Ip)]));
        Assert.Equal(attempts, _transport.Dialled.Count);
        Assert.Equal(pauses, _clock.Waits.Count);
        int[] longest = [250, 500, 1000, 1000, 1000];
        Assert.All(_clock.Waits, (pause, i) => Assert.InRange(pause.TotalMilliseconds, longest[i] / 2, longest[i]));
    }

    [Fact]
    public async Task No_pause_follows_a_time_out()
    {
        _transport.OnConnect = _ =>
        {
            _clock.Advance(TimeSpan.FromSeconds(5));
            return new(null, Errno.ETIMEDOUT);
        };
        await DialAsync(Configs.Cluster(endpoints: Configs.Ip(1)));
        Assert.Equal(3, _transport.Dialled.Count);
        Assert.Empty(_clock.Waits);
    }

    [Fact]
    public async Task Want_of_descriptors_is_waited_out_and_not_blamed_on_the_endpoint()
    {
        _transport.OnConnect = _ => new(null, Errno.EMFILE);
        (Dialled dialled, _) = await DialAsync(Configs.Cluster(endpoints: [Configs.Ip(1), Configs.Ip(2)]));
        Assert.Equal((EndReason.ConnectFailed, Errno.EMFILE), (dialled.Failure, dialled.Errno));
        Assert.Equal([1, 1, 1], _transport.Dialled.Select(Port));
        Assert.Equal(2, _clock.Waits.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_abort_ends_the_attempt_under_way()
    {
        var attempt = new Attempt();
        _transport.OnAttempt = attempt.BeginAsync;
        Dialer dialer = Create(Configs.Cluster(endpoints: Configs.Ip(1)));
        var connection = Lanes.Connect(_model!.Listeners[0]);
        Task<Dialled> dialling = dialer.DialAsync(connection).AsTask();
        Assert.False(dialling.IsCompleted);
        connection.Abort(EndReason.Drained);
        Assert.Equal(new Dialled(null, EndReason.Drained, Errno.None), await dialling);
        Assert.Single(_transport.Dialled);
        Assert.Equal((0, 0), (Cluster.Endpoints[0].InUse, Cluster.Endpoints[0].Open));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_abort_ends_the_pause_between_attempts()
    {
        _transport.OnConnect = _ => new(null, Errno.ECONNREFUSED);
        _clock.Skips = false;
        Dialer dialer = Create(Configs.Cluster(endpoints: Configs.Ip(1)));
        var connection = Lanes.Connect(_model!.Listeners[0]);
        Task<Dialled> dialling = dialer.DialAsync(connection).AsTask();
        Assert.False(dialling.IsCompleted);
        connection.Abort(EndReason.Aborted);
        Assert.Equal(EndReason.Aborted, (await dialling).Failure);
        Assert.Single(_transport.Dialled);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_abort_ends_the_wait_for_a_name()
    {
        Dialer dialer = Create(Configs.Cluster(endpoints: Configs.Name("db.example", 5432)));
        Cluster.Replace([new EndpointState(Cluster.Config.Endpoints[0], new HostNameResolver("db.example", 5432, null, _ => new TaskCompletionSource<IPAddress[]>().Task))]);
        var connection = Lanes.Connect(_model!.Listeners[0]);
        Task<Dialled> dialling = dialer.DialAsync(connection).AsTask();
        connection.Abort(EndReason.Drained);
        Assert.Equal(EndReason.Drained, (await dialling).Failure);
        Assert.Empty(_transport.Dialled);
    }

    [Fact]
    public async Task No_endpoint_is_a_reason_of_its_own()
    {
        (Dialled dialled, _) = await DialAsync(Configs.Cluster());
        Assert.Equal(EndReason.NoEndpoint, dialled.Failure);
    }

    [Fact]
    public async Task An_aborted_connection_is_not_dialled_any_further()
    {
        ProxiedConnection? connection = null;
        _transport.OnConnect = _ =>
        {
            connection!.Abort(EndReason.Drained);
            return new(null, Errno.ECONNREFUSED);
        };
        Dialer dialer = Create(Configs.Cluster(endpoints: [Configs.Ip(1), Configs.Ip(2)]));
        connection = Lanes.Connect(_model!.Listeners[0]);
        Dialled dialled = await dialer.DialAsync(connection);
        Assert.Equal(EndReason.Drained, dialled.Failure);
        Assert.Single(_transport.Dialled);
    }

    [Fact]
    public async Task The_addresses_of_a_name_share_one_attempt_and_its_time()
    {
        IPAddress[] addresses = [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2")];
        _transport.OnConnect = _ => new(null, Errno.EHOSTUNREACH);
        Dialer dialer = Create(Configs.Cluster(attempts: 1, endpoints: [Configs.Name("db.example", 5432)]), addresses);
        var connection = Lanes.Connect(_model!.Listeners[0]);
        await dialer.DialAsync(connection);
        Assert.Equal(addresses.Select(address => new IPEndPoint(address, 5432)), _transport.Dialled);
        Assert.Equal(1, connection.Attempts);
        Assert.InRange(_transport.Timeouts[0], TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2.5));
        Assert.InRange(_transport.Timeouts[1], TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(5));
    }

    private sealed class Attempt : IAbortable
    {
        private readonly TaskCompletionSource<ConnectResult> _result = new();

        public Task<ConnectResult> BeginAsync(IAbortScope? scope)
        {
            scope!.Enter(this);
            return _result.Task;
        }

        public void Abort(EndReason reason) => _result.TrySetResult(new(null, Errno.ECANCELED));
    }

    private static int Port(EndPoint address) => ((IPEndPoint)address).Port;

    private async Task<(Dialled Dialled, ProxiedConnection Connection)> DialAsync(ClusterConfig cluster)
    {
        Dialer dialer = Create(cluster);
        var connection = Lanes.Connect(_model!.Listeners[0]);
        return (await dialer.DialAsync(connection), connection);
    }

    private Dialer Create(ClusterConfig cluster, IPAddress[]? addresses = null)
    {
        _model = new ProxyModel(Configs.Of(cluster));
        _metrics = new ProxyMetrics(_model, new ReloadHistory(TimeProvider.System));
        ClusterState state = Cluster;
        if (addresses is not null)
            state.Replace([new EndpointState(cluster.Endpoints[0], new HostNameResolver("db.example", 5432, null, _ => Task.FromResult(addresses)))]);
        return new Dialer(_transport, state, _metrics, _clock, NullLogger<Dialer>.Instance);
    }
}
