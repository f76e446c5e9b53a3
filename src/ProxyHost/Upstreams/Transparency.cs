using System.Net;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Listeners;
using Sluice.ProxyHost.Model;
using Sluice.Redirect;
using Sluice.Redirect.Transports;

namespace Sluice.ProxyHost.Upstreams;

/// <summary>Where connections go that were meant for somebody else, and whose address they have there.</summary>
internal static class Transparency
{
    /// <summary>Finds what a connection was made to. False where that is ourselves, or nobody knows: then it was made to us.</summary>
    public static bool FindDestination(ProxiedConnection connection, ITransport transport, OwnAddresses? own)
    {
        connection.Destination = transport.OriginalDestinationOf(connection.Client);
        return connection.Destination is { } destination && own?.Contains(destination) != true;
    }

    /// <summary>The addresses to try of an endpoint that stands for what the connection was made to; null for any other endpoint.</summary>
    public static NameResolution? Destination(EndpointState endpoint, IDialling connection) =>
        endpoint.Config.Kind != EndpointKind.OriginalDestination ? null
        : connection.Destination is { } destination ? new NameResolution([destination], null)
        : new NameResolution([], "a connection that a rule redirects has no original destination");

    /// <summary>Dials, from the client's address where the cluster keeps it.</summary>
    public static ValueTask<ConnectResult> ConnectAsync(
        ITransport transport, SourceKind source, IDialling connection, EndPoint address, TimeSpan timeout) => (source, connection.Source) switch
    {
        (SourceKind.Proxy, _) => transport.ConnectAsync(address, timeout, connection),
        (_, null) => ValueTask.FromResult(new ConnectResult(null, Errno.EAFNOSUPPORT) { IsSourceRefused = true }),
        (_, { } client) => transport.ConnectFromAsync(SourceOf(client, source), address, timeout, connection),
    };

    /// <summary>What to do about it when the client's address could not be kept; null where that is not what failed.</summary>
    public static string? Trouble(ConnectResult result) => result switch
    {
        { IsSourceRefused: false } => null,
        { Errno: Errno.EPERM } => "keeping the client's address needs CAP_NET_ADMIN or CAP_NET_RAW",
        { Errno: Errno.EAFNOSUPPORT } => "the client's address is of another family than the server's, or of none",
        _ => $"the client's address cannot be bound: {result.Errno}",
    };

    private static IPEndPoint SourceOf(IPEndPoint client, SourceKind kind) => new(
        client.Address.IsIPv4MappedToIPv6 ? client.Address.MapToIPv4() : client.Address, kind == SourceKind.ClientAndPort ? client.Port : 0);
}
