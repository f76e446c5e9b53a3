using System.Net.Sockets;

namespace Sluice.Redirect.Verdicts;

/// <summary>The socket that messages pass through, and which way: the same for all messages of a program's socket.</summary>
/// <param name="Direction">Received or being sent.</param>
/// <param name="Family">The socket's address family.</param>
/// <param name="Key">Its 4-tuple; all zero for a unix domain socket, which has none.</param>
public sealed record MessageContext(
    MessageDirection Direction, AddressFamily Family = AddressFamily.Unspecified, SocketKey Key = default)
{
    /// <summary>The side of the proxied connection whose bytes these are.</summary>
    public Direction Side { get; init; }

    /// <summary>Where rules redirect to: the connection's own sockets of other clusters, by the cluster's index. Null: nowhere.</summary>
    public IRedirectMap<uint>? Clusters { get; init; }

    /// <summary>Hears which rules decide. Null: nobody does.</summary>
    public IVerdictObserver? Observer { get; init; }
}
