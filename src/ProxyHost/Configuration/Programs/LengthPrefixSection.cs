using Sluice.ProxyHost.Configuration.Conditions;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration.Programs;

/// <summary>The table of <c>length_prefix</c>.</summary>
internal static class LengthPrefixSection
{
    private static readonly ChoiceType<LengthFormat> Widths = new(
        new("u8", LengthFormat.U8), new("u16", LengthFormat.U16), new("u24", LengthFormat.U24), new("u32", LengthFormat.U32),
        new("u64", LengthFormat.U64), new("varint", LengthFormat.Varint));

    private static readonly Key<LengthPrefix, int> Offset = new("offset", Offsets.InMessage, p => p.Offset)
    {
        Summary = "How many bytes of the message stand before the number.",
        Example = "1",
        Default = 0,
    };

    private static readonly Key<LengthPrefix, LengthFormat> Width = new("width", Widths, p => p.Format)
    {
        Summary = "How the number is written: in 1, 2, 3, 4 or 8 bytes, or as in MQTT in 1 to 4 bytes of 7 bits each, the lowest first.",
        Example = "u32",
    };

    private static readonly Key<LengthPrefix, bool> Order = new("order", ByteOrders.Type, p => p.IsLittleEndian)
    {
        Summary = "Which of its bytes comes first: `big` is the highest. Of no meaning for `varint`.",
        Example = "little",
        Default = false,
    };

    private static readonly Key<LengthPrefix, int> Adjustment =
        new("adjustment", new IntegerType(-RuleSet.LargestMaxMessage, RuleSet.LargestMaxMessage), p => p.Adjustment)
        {
            Summary = "Added to the number.",
            Example = "-4",
            Default = 0,
        };

    private static readonly Key<LengthPrefix, bool> IncludesHeader = new("includes_header", new BooleanType(), p => p.IncludesHeader)
    {
        Summary = "Whether the number counts the whole message. If not, it counts what follows the number.",
        Example = "true",
        Default = false,
    };

    public static Section<LengthPrefix> Type { get; } = new(
        [Offset, Width, Order, Adjustment, IncludesHeader],
        v => new LengthPrefix(v.Of(Offset), v.Of(Width), v.Of(Order), v.Of(Adjustment), v.Of(IncludesHeader)));
}
