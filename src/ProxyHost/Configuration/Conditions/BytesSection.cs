using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration.Conditions;

/// <summary>The keys of a byte string to look for: where, and which bytes.</summary>
internal static class BytesSection
{
    private static readonly Key<BytesTest, ImmutableArray<ImmutableArray<byte>>> Text =
        new("text", Any(Offsets.Text), t => AreTexts(t.Values) ? t.Values : [])
        {
            Summary = "The bytes as a text; a list: any of them. In double quotes `\\r\\n` and `\\x16` are read as YAML's escapes.",
            Example = "\"FLUSHALL\"",
            Default = [],
        };

    private static readonly Key<BytesTest, ImmutableArray<ImmutableArray<byte>>> Hex =
        new("hex", Any(Offsets.Hex), t => AreTexts(t.Values) ? [] : t.Values)
        {
            Summary = "The bytes in hex, in place of `text` or besides it; a list: any of them.",
            Example = "\"16 03 01\"",
            Default = [],
        };

    private static readonly Key<BytesTest, bool> IgnoreCase = new("ignore_case", new BooleanType(), t => t.IgnoresCase)
    {
        Summary = "Whether ASCII letters match in upper and lower case.",
        Example = "true",
        Default = false,
    };

    /// <summary>The table with keys for the place in front of those for the bytes.</summary>
    /// <param name="place">Keys for the place.</param>
    /// <param name="where">What they say: the first place where the bytes may begin, and how far behind it.</param>
    public static Section<BytesTest> Of(Key<BytesTest>[] place, Func<Values<BytesTest>, (int Offset, int Within)> where) => new(
        [.. place, Text, Hex, IgnoreCase],
        v => new BytesTest(where(v).Offset, where(v).Within, v.Of(IgnoreCase), [.. v.Of(Text), .. v.Of(Hex)]))
    {
        Check = (v, at) =>
        {
            if (v.TryOf(Text, out var texts) && v.TryOf(Hex, out var octets) && texts.IsEmpty && octets.IsEmpty)
                at.Error("`text` or `hex` is missing", "add something like `text: \"GET \"`");
        },
        Constrain = schema => schema["anyOf"] = new JsonArray(Needs("text"), Needs("hex")),
    };

    private static JsonObject Needs(string key) => new() { ["required"] = new JsonArray((JsonNode)key) };

    private static bool AreTexts(ImmutableArray<ImmutableArray<byte>> values) => values.All(OctetTextType.IsText);

    private static OptionalType<ImmutableArray<ImmutableArray<byte>>> Any(YamlType<ImmutableArray<byte>> one) =>
        new(new ListType<ImmutableArray<byte>>(one, "texts", orOne: true), []);
}
