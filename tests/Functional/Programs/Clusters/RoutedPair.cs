using Microsoft.AspNetCore.Connections;
using Sluice.Redirect;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Transports;
using Sluice.Functional.Proxy;

namespace Sluice.Functional.Clusters;

/// <summary>A pair whose rules may redirect to the test's clusters; it counts what is dialled and given back.</summary>
internal sealed class RoutedPair(
    ConnectionContext client, ConnectionContext upstream, ByteMeter meter, SpliceMaps maps, ClusterProxy proxy)
    : SplicePair(client, upstream, ProxyUnderTest.NoLimits, meter, maps), IClusterDialer
{
    public override IClusterDialer Clusters => this;

    public async ValueTask<ClusterDial> DialAsync(uint cluster, IAbortScope scope)
    {
        proxy.CountDial();
        ConnectResult result = await proxy.Transport.ConnectAsync(proxy.AddressOf(cluster), TimeSpan.FromSeconds(30), scope);
        return result.IsConnected
            ? new ClusterDial(result.Connection, EndReason.None, Errno.None, new Lease(proxy))
            : new ClusterDial(null, EndReason.ConnectFailed, result.Errno, null);
    }

    private sealed class Lease : IDisposable
    {
        private readonly ClusterProxy _proxy;

        public Lease(ClusterProxy proxy)
        {
            _proxy = proxy;
            proxy.Open(1);
        }

        public void Dispose() => _proxy.Open(-1);
    }
}
