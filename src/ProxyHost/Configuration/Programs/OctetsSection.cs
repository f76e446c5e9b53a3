using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Programs;

/// <summary>One byte string, as <c>text</c> or as <c>hex</c>.</summary>
internal static class OctetsSection
{
    /// <summary>The two keys, one of which is given, or the text alone.</summary>
    public static ShorthandType<ImmutableArray<byte>, ImmutableArray<byte>> OrText(int longest)
    {
        Key<ImmutableArray<byte>, ImmutableArray<byte>> text = Text<ImmutableArray<byte>>(longest, octets => octets);
        Key<ImmutableArray<byte>, ImmutableArray<byte>> hex = Hex<ImmutableArray<byte>>(longest, octets => octets);
        var section = new Section<ImmutableArray<byte>>([text, hex], v => Value(v, text, hex))
        {
            Check = (v, at) => Check(v, at, text, hex),
            Constrain = Constrain,
        };
        return new(
            new OctetTextType(longest), section, octets => octets,
            (ImmutableArray<byte> octets, out ImmutableArray<byte> word) =>
            {
                word = octets;
                return OctetTextType.IsText(octets);
            });
    }

    public static Key<T, ImmutableArray<byte>> Text<T>(int longest, Func<T, ImmutableArray<byte>> get) => new(
        "text", new OptionalType<ImmutableArray<byte>>(new OctetTextType(longest), []), record => OctetTextType.IsText(get(record)) ? get(record) : [])
    {
        Summary = "The bytes as a text.",
        Example = "\"\\r\\n\"",
        Default = [],
    };

    public static Key<T, ImmutableArray<byte>> Hex<T>(int longest, Func<T, ImmutableArray<byte>> get) => new(
        "hex", new OptionalType<ImmutableArray<byte>>(new OctetHexType(longest), []), record => OctetTextType.IsText(get(record)) ? [] : get(record))
    {
        Summary = "The bytes in hex, in place of `text`.",
        Example = "\"0d 0a\"",
        Default = [],
    };

    public static ImmutableArray<byte> Value<T>(Values<T> values, Key<T, ImmutableArray<byte>> text, Key<T, ImmutableArray<byte>> hex) =>
        values.Of(text) is { IsEmpty: false } octets ? octets : values.Of(hex);

    public static void Check<T>(Values<T> values, Cursor at, Key<T, ImmutableArray<byte>> text, Key<T, ImmutableArray<byte>> hex)
    {
        if (!values.TryOf(text, out ImmutableArray<byte> texts) || !values.TryOf(hex, out ImmutableArray<byte> octets)) return;
        if (texts.IsEmpty && octets.IsEmpty) at.Error("`text` or `hex` is missing", "add something like `text: \"GET \"`");
        if (!texts.IsEmpty && !octets.IsEmpty) at.Towards("hex").Error("`text` is given already", "keep one of the two");
    }

    public static void Constrain(JsonObject schema) => schema["oneOf"] = new JsonArray(
        new JsonObject { ["required"] = new JsonArray((JsonNode)"text") }, new JsonObject { ["required"] = new JsonArray((JsonNode)"hex") });
}
