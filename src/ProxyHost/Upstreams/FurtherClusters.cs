using Sluice.ProxyHost.Model;
using Sluice.Redirect;
using Sluice.Redirect.Splicing;

namespace Sluice.ProxyHost.Upstreams;

/// <summary>Dials the clusters that programs redirect to, for the connections of one accept loop. A connection takes a place in each.</summary>
internal sealed class FurtherClusters(IReadOnlyList<ClusterState> clusters, Func<ClusterState, Dialer> createDialer) : IClusterDialer
{
    private readonly Dialer?[] _dialers = new Dialer?[clusters.Count];

    /// <inheritdoc/>
    public async ValueTask<ClusterDial> DialAsync(uint cluster, IAbortScope scope)
    {
        ClusterState state = clusters[(int)cluster];
        if (!state.Connections.TryEnter())
            return new(null, EndReason.ClusterLimit, Errno.None, null);

        bool isConnected = false;
        try
        {
            Dialer dialer = _dialers[cluster] ??= createDialer(state);
            var dial = new FurtherDial(state, scope);
            Dialled dialled = await dialer.DialAsync(dial);
            isConnected = dialled.IsConnected;
            return new(dialled.Upstream, dialled.Failure, dialled.Errno, isConnected ? dial : null);
        }
        finally
        {
            if (!isConnected)
                state.Connections.Leave();
        }
    }
}
