using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Connections;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Upstreams;

/// <summary>The outcome of all attempts to reach a cluster: a connection, or why there is none.</summary>
internal readonly record struct Dialled(ConnectionContext? Upstream, EndReason Failure, Errno Errno)
{
    /// <summary>True when there is a connection.</summary>
    [MemberNotNullWhen(true, nameof(Upstream))]
    public bool IsConnected => Upstream is not null;
}
