using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Model;
using Sluice.Redirect;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Transports;

namespace Sluice.ProxyHost.Upstreams;

/// <summary>Dials the clusters that programs redirect to, for the connections of one accept loop. A connection takes a place in each.</summary>
internal sealed class FurtherClusters(IReadOnlyList<ClusterState> clusters, Func<ClusterState, Dialer> createDialer, ITransport transport)
{
    private readonly Dialer?[] _dialers = new Dialer?[clusters.Count];

    /// <summary>Dials for one connection, whose client the servers are told of where they expect that.</summary>
    public IClusterDialer For(ProxiedConnection connection) => new ClusterDialer(this, connection);

    private async ValueTask<ClusterDial> DialAsync(uint cluster, IAbortScope scope, ProxiedConnection connection)
    {
        ClusterState state = clusters[(int)cluster];
        if (!state.Connections.TryEnter())
            return new(null, EndReason.ClusterLimit, Errno.None, null);

        bool isConnected = false;
        try
        {
            Dialer dialer = _dialers[cluster] ??= createDialer(state);
            var dial = new FurtherDial(state, scope, connection);
            Dialled dialled = await dialer.DialAsync(dial);
            if (dialled.IsConnected && state.SentHeader is { } header
                && await transport.SendFirstAsync(dialled.Upstream, header.For(connection)) is not Errno.None and var unsent)
            {
                await transport.ResetAsync(dialled.Upstream);
                dial.Endpoint?.Closed();
                return new(null, EndReason.UpstreamError, unsent, null);
            }

            isConnected = dialled.IsConnected;
            if (isConnected)
                connection.LeadsTo(dial);
            return new(dialled.Upstream, dialled.Failure, dialled.Errno, isConnected ? dial : null);
        }
        finally
        {
            if (!isConnected)
                state.Connections.Leave();
        }
    }

    private sealed class ClusterDialer(FurtherClusters clusters, ProxiedConnection connection) : IClusterDialer
    {
        public ValueTask<ClusterDial> DialAsync(uint cluster, IAbortScope scope) => clusters.DialAsync(cluster, scope, connection);
    }
}
