using Microsoft.AspNetCore.Connections;
using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Model;
using Sluice.Redirect.Splicing;

namespace Sluice.ProxyHost.Tests.Upstreams;

/// <summary>Connections of a listener without a socket.</summary>
internal static class Lanes
{
    /// <summary>A connection that has just been accepted. Nobody dials for it.</summary>
    public static ProxiedConnection Connect(ListenerState listener, long id = 1) => new(
        id, new DefaultConnectionContext(), new AcceptLane(listener, [new ClusterLane(listener.Clusters[0], null!, new ByteMeter())]));
}
