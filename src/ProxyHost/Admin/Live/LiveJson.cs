using System.Text.Json.Serialization;

namespace Sluice.ProxyHost.Admin.Live;

/// <summary>Writes the answer of /live, and reads it for `sluice top`.</summary>
// An answer that lacks something is that of another version.
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(LiveView))]
internal sealed partial class LiveJson : JsonSerializerContext;
