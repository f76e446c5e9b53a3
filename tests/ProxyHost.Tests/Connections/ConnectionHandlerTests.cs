using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Logging;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Reloading;
using Sluice.ProxyHost.Telemetry;
using Sluice.ProxyHost.Tests.Hosting;
using Sluice.ProxyHost.Tests.Telemetry;
using Sluice.ProxyHost.Upstreams;
using Sluice.Redirect;
using Sluice.Redirect.Splicing;
using ConnectionHandler = Sluice.ProxyHost.Connections.ConnectionHandler;

namespace Sluice.ProxyHost.Tests.Connections;

public sealed class ConnectionHandlerTests : IDisposable
{
    private readonly FakeTransport _transport = new();
    private readonly ConnectionTable _table = new();
    private readonly RecordingLoggers _logs = new();
    private ProxyModel? _model;
    private ProxyMetrics? _metrics;

    public void Dispose()
    {
        _metrics?.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public async Task While_it_is_spliced_it_is_in_the_table_and_afterwards_nowhere()
    {
        _transport.OnSplice = pair =>
        {
            ProxiedConnection live = Assert.Single(_table.Snapshot());
            Assert.Same(pair, live);
            Assert.Equal((1, 1, 1), Held());
            return Task.FromResult(new SpliceResult(EndReason.Completed, 3, 4, Direction.FromUpstream, Errno.None));
        };
        await Create().RunAsync(new DefaultConnectionContext());
        AccessRecord record = Assert.Single(_logs.Access);
        Assert.Equal((EndReason.Completed, 3L, 4L, Direction.FromUpstream), (record.End, record.BytesFromClient, record.BytesFromUpstream, record.FirstToClose));
        AssertNothingHeld();
    }

    [Theory]
    [InlineData(1, 9, EndReason.ListenerLimit)]
    [InlineData(9, 1, EndReason.ClusterLimit)]
    public async Task Over_a_limit_a_connection_is_reset_at_once_and_the_first_goes_on(int listenerLimit, int clusterLimit, EndReason reason)
    {
        var first = new TaskCompletionSource<SpliceResult>();
        _transport.OnSplice = _ => first.Task;
        ConnectionHandler handler = Create(listenerLimit, clusterLimit);
        Task open = handler.RunAsync(new DefaultConnectionContext());
        var second = new DefaultConnectionContext();
        await handler.RunAsync(second);
        Assert.Same(second, Assert.Single(_transport.Resets));
        Assert.Equal(reason, Assert.Single(_logs.Access).End);
        Assert.False(open.IsCompleted);

        first.SetResult(new(EndReason.Completed, 0, 0, null, Errno.None));
        await open;
        AssertNothingHeld();
        await handler.RunAsync(new DefaultConnectionContext());
        Assert.Equal(EndReason.Completed, _logs.Access[^1].End);
    }

    [Fact]
    public async Task A_client_whose_upstream_cannot_be_reached_is_reset()
    {
        _transport.OnConnect = _ => new(null, Errno.ECONNREFUSED);
        var client = new DefaultConnectionContext();
        await Create().RunAsync(client);
        Assert.Same(client, Assert.Single(_transport.Resets));
        AccessRecord record = Assert.Single(_logs.Access);
        Assert.Equal((EndReason.ConnectFailed, Errno.ECONNREFUSED, 3), (record.End, record.Errno, record.Attempts));
        AssertNothingHeld();
    }

    [Fact]
    public async Task A_defect_ends_its_own_connection_only_and_leaves_evidence()
    {
        ConnectionHandler handler = Create();
        _transport.OnSplice = _ => throw new InvalidOperationException("a defect for the test");
        await handler.RunAsync(new DefaultConnectionContext());
        Assert.Equal(2, _transport.Resets.Count);
        Assert.Equal(EndReason.InternalError, Assert.Single(_logs.Access).End);
        Assert.Contains(_logs.Errors, error => error.Message == "a defect for the test");
        AssertNothingHeld();

        _transport.OnSplice = _ => Task.FromResult(new SpliceResult(EndReason.Completed, 0, 0, null, Errno.None));
        await handler.RunAsync(new DefaultConnectionContext());
        Assert.Equal(EndReason.Completed, _logs.Access[^1].End);
    }

    private (int Table, int Listener, int Cluster) Held() =>
        (_table.Count, _model!.Listeners[0].Connections.Current, _model.Clusters[0].Connections.Current);

    private void AssertNothingHeld()
    {
        Assert.Equal((0, 0, 0), Held());
        Assert.All(_model!.Clusters[0].Endpoints, endpoint => Assert.Equal((0, 0), (endpoint.InUse, endpoint.Open)));
    }

    private ConnectionHandler Create(int listenerLimit = 10, int clusterLimit = 10)
    {
        SluiceConfig config = Configs.Of(
            Configs.Cluster(maxConnections: clusterLimit, endpoints: Configs.Ip(1)),
            Configs.Listener(maxConnections: listenerLimit));
        _model = new ProxyModel(config);
        _metrics = new ProxyMetrics(_model, new ReloadHistory(TimeProvider.System));
        ListenerState listener = _model.Listeners[0];
        var dialer = new Dialer(_transport, listener.Cluster, _metrics, new SkippingClock(), NullLogger<Dialer>.Instance);
        var recorder = new ConnectionRecorder(listener, _metrics, new AccessLog(_logs, new LogSettings(config.Log), TimeProvider.System), new FlightRecorder(config.Admin, TimeProvider.System));
        var lane = new AcceptLane(listener, [new ClusterLane(listener.Clusters[0], dialer, listener.Clusters[0].Meter(0))]);
        return new ConnectionHandler(lane, _transport, _table, recorder, new DefectLog(_logs.CreateLogger<DefectLog>()));
    }
}
