using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Load.Accounting;
using Sluice.Load.Runs;

namespace Sluice.Load.Reports;

/// <summary>Everything that was measured, round by round, for tools.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new NaNAsNull() },
    };

    public static void Write(string path, Machine machine, Results results, IReadOnlyList<Footprint> footprints) =>
        File.WriteAllText(path, JsonSerializer.Serialize(
            new { machine, rounds = results.Rounds, footprints, goals = Goals.Of(results, footprints) }, Options));

    /// <summary>JSON has no NaN; null says as well that a figure does not exist.</summary>
    private sealed class NaNAsNull : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
                writer.WriteNumberValue(value);
            else
                writer.WriteNullValue();
        }
    }
}
