using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Logging;
using Sluice.Redirect;
using Sluice.Redirect.Splicing;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>What is known of a connection when it has ended, is opened or goes on. Times are seconds since it was accepted; null means it never came to that.</summary>
internal sealed record AccessRecord(
    long Id,
    string Listener,
    string Client,
    string Cluster,
    string? Endpoint,
    int Attempts,
    double? ConnectSeconds,
    double? FirstByteSeconds,
    double TotalSeconds,
    long BytesFromClient,
    long BytesFromUpstream,
    EndReason End,
    Direction? FirstToClose,
    Errno Errno,
    string? Trouble,
    string? Route = null,
    string? Rule = null,
    string? Proxy = null,
    string[]? Tlvs = null,
    EndReason WouldRefuse = EndReason.None,
    string? PathFromClient = null,
    string? PathFromUpstream = null) : ILogRecord, IEnumerable<KeyValuePair<string, object?>>
{
    /// <summary><c>open</c> or <c>interval</c>; null when it has ended.</summary>
    public string? Event { get; init; }

    /// <summary>How many records were not written before this one.</summary>
    public int LeftOut { get; init; }

    /// <summary>Gathers the record of a connection that has just ended.</summary>
    public static AccessRecord Of(ProxiedConnection connection, SpliceResult end, TimeSpan lifetime) => new(
        connection.Id,
        connection.Listener.Config.Name,
        connection.ClientAddress?.ToString() ?? "unknown",
        connection.Cluster.Cluster.Config.Name,
        connection.Endpoint?.Config.Text,
        connection.Attempts,
        connection.ConnectedAt == 0 ? null : Stopwatch.GetElapsedTime(connection.AcceptedAt, connection.ConnectedAt).TotalSeconds,
        FirstByte(connection),
        lifetime.TotalSeconds,
        end.BytesFromClient,
        end.BytesFromUpstream,
        end.Reason,
        end.FirstToClose,
        end.Errno,
        connection.IsJoined ? null : connection.Trouble,
        connection.Route,
        connection.DecidedBy?.ToString(),
        connection.Origin is null ? null : connection.Client.RemoteEndPoint?.ToString() ?? "unknown",
        TlvWords.Of(connection.Origin),
        connection.WouldRefuse,
        connection.IsJoined ? connection.PathFromClient.Name() : null,
        connection.IsJoined ? connection.PathFromUpstream.Name() : null);

    /// <summary>The same of one that has not ended.</summary>
    public static AccessRecord OfLive(ProxiedConnection connection, string happening) => Of(
        connection,
        new(EndReason.None, connection.BytesFromClient, connection.BytesFromUpstream, null, Errno.None),
        Stopwatch.GetElapsedTime(connection.AcceptedAt)) with { Event = happening };

    /// <summary>The members of the JSON object, in a fixed order; what is not known is left out.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        if (Event is not null)
            json.WriteString("event"u8, Event);
        json.WriteNumber("id"u8, Id);
        json.WriteString("listener"u8, Listener);
        json.WriteString("client"u8, Client);
        if (Proxy is not null)
            json.WriteString("proxy"u8, Proxy);
        json.WriteString("cluster"u8, Cluster);
        if (Endpoint is not null)
            json.WriteString("endpoint"u8, Endpoint);
        json.WriteNumber("attempts"u8, Attempts);
        if (ConnectSeconds is { } connect)
            json.WriteNumber("connect_seconds"u8, Micros(connect));
        if (FirstByteSeconds is { } first)
            json.WriteNumber("first_byte_seconds"u8, Micros(first));
        json.WriteNumber("total_seconds"u8, Micros(TotalSeconds));
        json.WriteNumber("bytes_from_client"u8, BytesFromClient);
        json.WriteNumber("bytes_from_upstream"u8, BytesFromUpstream);
        if (PathFromClient is not null)
            json.WriteString("path_from_client"u8, PathFromClient);
        if (PathFromUpstream is not null)
            json.WriteString("path_from_upstream"u8, PathFromUpstream);
        if (End != EndReason.None)
            json.WriteString("end"u8, End.Name());
        if (FirstToClose is { } side)
            json.WriteString("first_to_close"u8, Side(side));
        if (Errno != Errno.None)
            json.WriteString("errno"u8, Errno.ToString());
        if (Trouble is not null)
            json.WriteString("trouble"u8, Trouble);
        if (Route is not null)
            json.WriteString("route"u8, Route);
        if (Rule is not null)
            json.WriteString("rule"u8, Rule);
        if (WouldRefuse != EndReason.None)
            json.WriteString("would_refuse"u8, WouldRefuse.Name());
        if (Tlvs is not null)
        {
            json.WriteStartArray("tlvs"u8);
            foreach (string tlv in Tlvs)
                json.WriteStringValue(tlv);
            json.WriteEndArray();
        }

        if (LeftOut > 0)
            json.WriteNumber("left_out"u8, LeftOut);
    }

    /// <summary>The fields that are known.</summary>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => AccessFields.Known(this, AccessFields.All).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The same on one line for a person.</summary>
    public override string ToString()
    {
        string what = Event ?? End.Name();
        string ending = FirstToClose is { } side ? $"{what}, {Side(side)} first" : what;
        string why = Errno == Errno.None ? "" : $" ({Errno})";
        string trouble = Trouble is null ? "" : $" ({Trouble})";
        string first = FirstByteSeconds is { } seconds ? $", first byte {Seconds(seconds)}" : "";
        string connect = ConnectSeconds is { } taken ? $" (connect {Seconds(taken)}{first})" : "";
        string route = Route is null ? "" : $" ({Route})";
        string rule = Rule is null ? "" : $", by rule {Rule}";
        string dry = WouldRefuse == EndReason.None ? "" : $", would have been refused: {WouldRefuse.Name()}";
        string attempts = Attempts > 1 ? $", {Attempts} attempts" : "";
        string leftOut = LeftOut == 0 ? "" : $"; {LeftOut} records before this were left out";
        string proxy = Proxy is null ? "" : $" (by {string.Join(' ', [Proxy, .. Tlvs ?? []])})";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"#{Id} {Client}{proxy} -> {Listener} -> {Cluster}{route} {Endpoint ?? "-"}: {ending}{why}{trouble}{rule} after {Seconds(TotalSeconds)}{connect}{attempts}{dry}, {BytesFromClient} B up{By(PathFromClient)}, {BytesFromUpstream} B down{By(PathFromUpstream)}{leftOut}");
    }

    private static double? FirstByte(ProxiedConnection connection) =>
        connection.FirstByteFromUpstreamAt is not 0 and var at ? Stopwatch.GetElapsedTime(connection.AcceptedAt, at).TotalSeconds : null;

    // Copying is what one would expect.
    private static string By(string? path) => path is null or "copy" ? "" : $" by {path}";

    internal static string Side(Direction direction) => direction == Direction.FromClient ? "client" : "upstream";

    private static string Seconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.######} s");

    private static double Micros(double seconds) => Math.Round(seconds, 6);
}
