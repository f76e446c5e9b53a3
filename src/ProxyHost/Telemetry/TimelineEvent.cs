using System.Text.Json.Serialization;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>One thing that happened to a connection. What does not belong to the kind of event is null and left out.</summary>
/// <param name="At">Seconds since it was accepted.</param>
/// <param name="Event">accepted, routed, admitted, connecting, connect_failed, connected, first_byte, data_path, half_closed or ended.</param>
internal sealed record TimelineEvent(double At, string Event)
{
    /// <summary>Of routed and admitted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Cluster { get; init; }

    /// <summary>Of routed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Route { get; init; }

    /// <summary>Of attempts to connect.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Endpoint { get; init; }

    /// <summary>Of attempts: how long one took.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Seconds { get; init; }

    /// <summary>Whose byte, FIN or path it is, in the words of the metrics.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Direction { get; init; }

    /// <summary>The path from now on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DataPath { get; init; }

    /// <summary>An errno or a word that says why an attempt failed, or what was behind the end.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }

    /// <summary>Of ended.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>Of ended: client or upstream; null where the proxy ended it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FirstToClose { get; init; }
}
