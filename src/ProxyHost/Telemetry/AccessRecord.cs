using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Logging;
using Sluice.Redirect;
using Sluice.Redirect.Splicing;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>What is known of a connection when it has ended. Times are seconds since it was accepted; null means it never came to that.</summary>
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
    EndReason WouldRefuse = EndReason.None) : ILogRecord
{
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
        connection.WouldRefuse);

    /// <summary>The members of the JSON object, in a fixed order; what is not known is left out.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
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
        if (Tlvs is null)
            return;
        json.WriteStartArray("tlvs"u8);
        foreach (string tlv in Tlvs)
            json.WriteStringValue(tlv);
        json.WriteEndArray();
    }

    /// <summary>The same on one line for a person.</summary>
    public override string ToString()
    {
        string ending = FirstToClose is { } side ? $"{End.Name()}, {Side(side)} first" : End.Name();
        string why = Errno == Errno.None ? "" : $" ({Errno})";
        string trouble = Trouble is null ? "" : $" ({Trouble})";
        string first = FirstByteSeconds is { } seconds ? $", first byte {Seconds(seconds)}" : "";
        string connect = ConnectSeconds is { } taken ? $" (connect {Seconds(taken)}{first})" : "";
        string route = Route is null ? "" : $" ({Route})";
        string rule = Rule is null ? "" : $", by rule {Rule}";
        string dry = WouldRefuse == EndReason.None ? "" : $", would have been refused: {WouldRefuse.Name()}";
        string attempts = Attempts > 1 ? $", {Attempts} attempts" : "";
        string proxy = Proxy is null ? "" : $" (by {string.Join(' ', [Proxy, .. Tlvs ?? []])})";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"#{Id} {Client}{proxy} -> {Listener} -> {Cluster}{route} {Endpoint ?? "-"}: {ending}{why}{trouble}{rule} after {Seconds(TotalSeconds)}{connect}{attempts}{dry}, {BytesFromClient} B up, {BytesFromUpstream} B down");
    }

    private static double? FirstByte(ProxiedConnection connection) =>
        connection.FirstByteFromUpstreamAt is not 0 and var at ? Stopwatch.GetElapsedTime(connection.AcceptedAt, at).TotalSeconds : null;

    internal static string Side(Direction direction) => direction == Direction.FromClient ? "client" : "upstream";

    private static string Seconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.######} s");

    private static double Micros(double seconds) => Math.Round(seconds, 6);
}
