using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using TcpProxyConformance.Runs;

namespace TcpProxyConformance.Reports;

/// <summary>A run as JSON, which <c>compare</c> reads again.</summary>
internal static class JsonReport
{
    // It is read by people as well, and by no browser: quotes stay quotes.
    private static readonly ReportJson Json = new(new JsonSerializerOptions(ReportJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static string Of(RunResult run) => JsonSerializer.Serialize(run, Json.RunResult);

    /// <summary>JsonException: it is none of ours.</summary>
    public static RunResult Read(string json) => JsonSerializer.Deserialize(json, ReportJson.Default.RunResult) is { Cases: not null } run ? run : throw new JsonException("it has no cases");
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(RunResult))]
internal sealed partial class ReportJson : JsonSerializerContext;
