using System.Collections.Immutable;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.Redirect.ProxyProtocol;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>One of the <c>tlvs</c> of a header that is sent: a word, or the keys of an application's own.</summary>
internal static class SentTlvSection
{
    private const int LongestValue = 1024;

    private static readonly ChoiceType<byte> Word = new(new("authority", ProxyTlvType.Authority), new("unique_id", ProxyTlvType.UniqueId));

    private static readonly Key<SentTlvConfig, int> Custom =
        new("type", new MappedType<ulong, int>(new UnsignedType(ProxyTlvType.FirstCustom, ProxyTlvType.LastCustom), type => (int)type, type => (ulong)type), t => t.Type)
        {
            Summary = "The type of a vector of your own.",
            Example = "0xE0",
        };

    private static readonly Key<SentTlvConfig, ImmutableArray<byte>> Text =
        new("text", new OptionalType<ImmutableArray<byte>>(new OctetTextType(LongestValue), []), t => OctetTextType.IsText(t.Value) ? t.Value : [])
        {
            Summary = "Its value as a text.",
            Example = "\"eu-1\"",
            Default = [],
        };

    private static readonly Key<SentTlvConfig, ImmutableArray<byte>> Hex =
        new("hex", new OptionalType<ImmutableArray<byte>>(new OctetHexType(LongestValue), []), t => OctetTextType.IsText(t.Value) ? [] : t.Value)
        {
            Summary = "Its value in hex, in place of `text`.",
            Example = "\"01 02\"",
            Default = [],
        };

    private static readonly Section<SentTlvConfig> Full = new(
        [Custom, Text, Hex], v => new SentTlvConfig((byte)v.Of(Custom), v.Of(Text).IsEmpty ? v.Of(Hex) : v.Of(Text)))
    {
        Check = (v, at) =>
        {
            if (v.TryOf(Text, out var text) && v.TryOf(Hex, out var hex) && text.IsEmpty == hex.IsEmpty)
                at.Error("give its value once, as `text` or as `hex`", "write something like `{ type: 0xE0, text: \"eu-1\" }`");
        },
    };

    public static YamlType<SentTlvConfig> Type { get; } = new ShorthandType<byte, SentTlvConfig>(
        Word, Full, type => new SentTlvConfig(type, []), (SentTlvConfig tlv, out byte word) => (word = tlv.Type) is var _ && tlv.IsOfConnection);
}
