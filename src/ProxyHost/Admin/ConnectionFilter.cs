using System.Diagnostics;
using System.Net;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Telemetry;

namespace Sluice.ProxyHost.Admin;

/// <summary>Which connections a query asks for. What it does not name is not looked at.</summary>
internal sealed class ConnectionFilter
{
    private static readonly string[] States = ["connecting", "open", "half-closed"];
    private static readonly DurationType Ages = new(TimeSpan.Zero, TimeSpan.FromDays(365));
    private static readonly PrefixType Prefixes = new();

    private string? _listener;
    private string? _cluster;
    private string? _endpoint;
    private string? _path;
    private string? _state;
    private IPNetwork? _client;
    private TimeSpan _minAge;

    /// <summary>So many are shown at most.</summary>
    public int Limit { get; private set; }

    /// <summary>Reads what a query asks for.</summary>
    /// <param name="words">The query, which keeps what is wrong.</param>
    /// <param name="model">Knows the names there are.</param>
    /// <param name="open">Connections, whose listeners may have been removed meanwhile.</param>
    /// <param name="shown">How many are shown where the query does not say.</param>
    /// <param name="most">How many it may ask for.</param>
    public static ConnectionFilter Read(QueryWords words, ProxyModel model, List<ProxiedConnection> open, int shown, int most)
    {
        var read = new ConnectionFilter { Limit = shown };
        read._listener = words.OneOf("listener", () => model.Listeners.Select(one => one.Config.Name).Concat(open.Select(one => one.Listener.Config.Name)));
        read._cluster = words.OneOf("cluster", () => model.Clusters.Select(one => one.Config.Name).Concat(open.Select(one => one.Cluster.Cluster.Config.Name)));
        read._endpoint = words.OneOf("endpoint", () => model.Clusters.SelectMany(one => one.Endpoints).Select(one => one.Config.Text)
            .Concat(open.SelectMany(one => one.Further.Select(further => further.Endpoint).Append(one.Endpoint)).Select(one => one?.Config.Text).OfType<string>()));
        read._path = words.OneOf("data_path", () => WireNames.DataPaths.Select(path => path.Name()));
        read._state = words.OneOf("state", () => States);
        if (words.TryParse("client", Prefixes.Parse, out IPNetwork client))
            read._client = client;
        if (words.TryParse("min_age", Ages.Parse, out TimeSpan age))
            read._minAge = age;
        if (words.TryParse("limit", text => QueryWords.Number(text, most), out int limit))
            read.Limit = limit;
        return read;
    }

    /// <summary>Whether a connection is one of them, as it is at this moment.</summary>
    public bool Matches(ProxiedConnection connection) =>
        (_listener is null || connection.Listener.Config.Name == _listener)
        && (_cluster is null || connection.Cluster.Cluster.Config.Name == _cluster || connection.Further.Any(further => further.Cluster.Config.Name == _cluster))
        && (_endpoint is null || connection.Endpoint?.Config.Text == _endpoint || connection.Further.Any(further => further.Endpoint?.Config.Text == _endpoint))
        && (_state is null || ConnectionView.StateOf(connection) == _state)
        && (_path is null || (connection.IsJoined && (connection.PathFromClient.Name() == _path || connection.PathFromUpstream.Name() == _path)))
        && (_minAge == TimeSpan.Zero || Stopwatch.GetElapsedTime(connection.AcceptedAt) >= _minAge)
        && (_client is not { } clients || (connection.ClientAddress is IPEndPoint { Address: var address } && clients.Contains(Plain(address))));

    // The configuration and the query write IPv4 as IPv4, whichever socket it comes in through.
    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
