using System.Diagnostics;
using System.Net;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Connections;
using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Telemetry;
using Sluice.ProxyHost.Upstreams;
using Sluice.Redirect.Splicing;

namespace Sluice.ProxyHost.Admin;

/// <summary>One live connection as /connections shows it. Counters may be a moment apart.</summary>
internal sealed record ConnectionView(
    long Id,
    string Listener,
    string State,
    SocketView Client,
    SocketView? Upstream,
    string Cluster,
    string? Route,
    string? Endpoint,
    int Attempts,
    double AgeSeconds,
    long BytesFromClient,
    long BytesFromUpstream,
    string? PathFromClient,
    string? PathFromUpstream,
    string? Rule,
    FurtherView[]? Redirected,
    SocketView? Proxy,
    string[]? Tlvs)
{
    /// <summary>Looks at a connection from outside, while it goes on.</summary>
    public static ConnectionView Of(ProxiedConnection connection)
    {
        bool isJoined = connection.IsJoined;
        return new(
            connection.Id,
            connection.Listener.Config.Name,
            StateOf(connection),
            SocketView.Of(connection.ClientAddress, connection.ServedAddress),
            isJoined ? SocketView.Of(connection.Upstream) : null,
            connection.Cluster.Cluster.Config.Name,
            connection.Route,
            connection.Endpoint?.Config.Text,
            connection.Attempts,
            Math.Round(Stopwatch.GetElapsedTime(connection.AcceptedAt).TotalSeconds, 3),
            connection.BytesFromClient,
            connection.BytesFromUpstream,
            isJoined ? connection.PathFromClient.Name() : null,
            isJoined ? connection.PathFromUpstream.Name() : null,
            connection.DecidedBy?.ToString(),
            connection.Further is { Count: > 0 } further ? [.. further.Select(FurtherView.Of)] : null,
            connection.Origin is null ? null : SocketView.Of(connection.Client),
            TlvWords.Of(connection.Origin));
    }

    /// <summary>connecting, open or half-closed.</summary>
    public static string StateOf(SplicePair pair) =>
        !pair.IsJoined ? "connecting" : pair.ClientClosed || pair.UpstreamClosed ? "half-closed" : "open";
}

/// <summary>A connection to a further cluster, which a rule has redirected to.</summary>
internal sealed record FurtherView(string Cluster, string? Endpoint)
{
    public static FurtherView Of(FurtherDial further) => new(further.Cluster.Config.Name, further.Endpoint?.Config.Text);
}

/// <summary>A socket's 4-tuple from its own point of view.</summary>
internal sealed record SocketView(string? Remote, string? Local)
{
    /// <summary>The addresses of a connection that may be closing meanwhile.</summary>
    public static SocketView Of(ConnectionContext connection) => Of(connection.RemoteEndPoint, connection.LocalEndPoint);

    /// <summary>A pair of addresses, from the point of view of the second.</summary>
    public static SocketView Of(EndPoint? remote, EndPoint? local) => new(Text(remote), Text(local));

    private static string? Text(EndPoint? address) => address?.ToString();
}

/// <summary>The answer of /connections.</summary>
/// <param name="Count">All that match, those left out by a limit included.</param>
/// <param name="Connections">The newest first.</param>
internal sealed record ConnectionList(int Count, IEnumerable<ConnectionView> Connections);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ConnectionList))]
[JsonSerializable(typeof(ConnectionDetail))]
[JsonSerializable(typeof(TimelineEvent[]))]
[JsonSerializable(typeof(TcpView))]
[JsonSerializable(typeof(ClusterList))]
internal sealed partial class AdminJson : JsonSerializerContext;
