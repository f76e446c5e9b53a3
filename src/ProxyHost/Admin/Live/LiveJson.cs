using System.Text.Json.Serialization;

namespace Sluice.ProxyHost.Admin.Live;

/// <summary>Writes the answer of /live, and reads it for `sluice top`.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LiveView))]
internal sealed partial class LiveJson : JsonSerializerContext;
