using Microsoft.Extensions.Logging.Abstractions;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Reloading;
using Sluice.ProxyHost.Telemetry;
using Sluice.ProxyHost.Tests.Hosting;
using Sluice.ProxyHost.Upstreams;
using Sluice.Redirect;
using Sluice.Redirect.Splicing;

namespace Sluice.ProxyHost.Tests.Upstreams;

public sealed class FurtherClustersTests : IDisposable
{
    private readonly FakeTransport _transport = new();
    private readonly ProxyModel _model = new(Configs.Of(Configs.Cluster(maxConnections: 1, endpoints: Configs.Ip(1)), Configs.Listener()));
    private readonly ProxyMetrics _metrics;

    public FurtherClustersTests() => _metrics = new ProxyMetrics(_model, new ReloadHistory(TimeProvider.System));

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task A_place_in_the_cluster_lasts_as_long_as_the_connection()
    {
        IClusterDialer clusters = Create();
        ClusterDial first = await clusters.DialAsync(0, new Scope());
        Assert.Equal(EndReason.ClusterLimit, (await clusters.DialAsync(0, new Scope())).Failure);
        first.Closed!.Dispose();
        Assert.Equal(EndReason.None, (await clusters.DialAsync(0, new Scope())).Failure);
    }

    [Fact]
    public async Task A_defect_keeps_no_place()
    {
        _transport.OnConnect = _ => throw new InvalidOperationException("a defect for the test");
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await Create().DialAsync(0, new Scope()));
        Assert.Equal((0, 0), (_model.Clusters[0].Connections.Current, _model.Clusters[0].Endpoints[0].InUse));
    }

    private IClusterDialer Create() => new FurtherClusters(
        _model.Clusters, cluster => new Dialer(_transport, cluster, _metrics, new SkippingClock(), NullLogger<Dialer>.Instance), _transport)
        .For(Lanes.Connect(_model.Listeners[0]));

    private sealed class Scope : IAbortScope
    {
        public void Enter(IAbortable operation)
        {
        }
    }
}
