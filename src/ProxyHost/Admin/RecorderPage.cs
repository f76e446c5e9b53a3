using System.Text.Json;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Telemetry;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Admin;

/// <summary>How the last connections ended that did not complete.</summary>
internal sealed class RecorderPage(FlightRecorder flights, ProxyModel model)
{
    /// <summary>Those that match the query, the newest first.</summary>
    public async Task ShowAsync(HttpContext context)
    {
        FlightRecord[] all = [.. flights.Newest()];
        var words = new QueryWords(context.Request.Query);
        string? reason = words.OneOf("reason", () => Enum.GetValues<EndReason>().Where(one => one is not (EndReason.None or EndReason.Completed)).Select(one => one.Name()));
        string? listener = words.OneOf("listener", () => model.Listeners.Select(one => one.Config.Name).Concat(all.Select(one => one.Access.Listener)));
        if (words.Problem() is { } problem)
        {
            await AdminEndpoint.AnswerAsync(context, StatusCodes.Status400BadRequest, problem);
            return;
        }

        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteNumber("size"u8, flights.Size);
        json.WriteNumber("recorded"u8, flights.Count);
        json.WriteNumber("left_out"u8, flights.LeftOut);
        json.WriteStartArray("records"u8);
        foreach (FlightRecord record in all)
        {
            if ((reason is null || record.Access.End.Name() == reason) && (listener is null || record.Access.Listener == listener))
                Write(json, record);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }

    private static void Write(Utf8JsonWriter json, FlightRecord record)
    {
        json.WriteStartObject();
        json.WriteString("ended_at"u8, record.EndedAt);
        record.Access.WriteTo(json);
        if (record.PathFromClient is { } fromClient)
            json.WriteString("path_from_client"u8, fromClient);
        if (record.PathFromUpstream is { } fromUpstream)
            json.WriteString("path_from_upstream"u8, fromUpstream);
        WriteTcp(json, "client_tcp", record.ClientTcp);
        WriteTcp(json, "upstream_tcp", record.UpstreamTcp);
        json.WritePropertyName("timeline"u8);
        JsonSerializer.Serialize(json, record.Timeline.Events, AdminJson.Default.TimelineEventArray);
        json.WriteNumber("left_out"u8, record.Timeline.LeftOut);
        json.WriteEndObject();
    }

    private static void WriteTcp(Utf8JsonWriter json, string name, TcpFacts? facts)
    {
        if (TcpView.Of(facts) is not { } view)
            return;
        json.WritePropertyName(name);
        JsonSerializer.Serialize(json, view, AdminJson.Default.TcpView);
    }
}
