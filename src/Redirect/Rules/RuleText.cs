using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace Sluice.Redirect.Rules;

/// <summary>Rules for people, in the words of the YAML where it has them.</summary>
public static class RuleText
{
    private const int MostListed = 8;
    private const int MostBytesShown = 32;

    private static readonly SearchValues<byte> Writable = SearchValues.Create([0, .. "\t\r\n"u8, .. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (byte)c)]);

    /// <summary>A condition in one line, the parts of groups in brackets.</summary>
    public static string Of(Predicate condition) => condition switch
    {
        AllOf { Parts: [] } => "always",
        AnyOf { Parts: [] } => "never",
        AllOf all => $"all of ({string.Join("; ", all.Parts.Select(Of))})",
        AnyOf any => $"any of ({string.Join("; ", any.Parts.Select(Of))})",
        Not not => $"not {Of(not.Part)}",
        NumberTest test => $"{FieldTable.Row(test.Field).Words[0]} is {Of(test.Values, Largest(test.Field), value => Of(test.Field, value))}",
        AddressTest test => $"{FieldTable.Row(test.Field).Words[0]} in {List(test.Prefixes.Prefixes, prefix => prefix.ToString())}",
        BytesAsNumberTest test => Of(test),
        BytesTest test => Of(test),
        NameTest test => $"{FieldTable.Row(test.Field).Words[0]} is {List(test.Patterns, pattern => pattern)}",
        _ => condition.ToString(),
    };

    /// <summary>An action in one line.</summary>
    public static string Of(RuleAction action)
    {
        StringBuilder text = new StringBuilder()
            .Append(action.Verdict.ToString().ToLowerInvariant())
            .Append(action.Cluster is null ? "" : $" to {action.Cluster}")
            .Append(action.Ingress ? " (ingress)" : "");
        if (action.CorkBytes > 0)
            text.Append(", cork ").Append(action.CorkBytes);
        if (action.Pop is { } pop)
            text.Append(", pop ").Append(pop.Count).Append(" at ").Append(pop.Offset);
        if (action.Push is { } push)
            text.Append(", push ").Append(Of(push.Bytes)).Append(" at ").Append(push.Offset);
        if (action.ApplyBytes > 0)
            text.Append(", apply to ").Append(action.ApplyBytes == RuleAction.RestOfStream ? "the rest" : action.ApplyBytes);
        return text.ToString();
    }

    /// <summary>How a stream divides into messages.</summary>
    public static string Of(Framing? framing) => framing switch
    {
        null => "no framing",
        FixedLength one => $"messages of {one.Bytes} bytes",
        Delimiter one => $"messages that end with {Of(one.Bytes)}",
        LengthPrefix one => $"messages with {Of(one)}",
        _ => framing.ToString(),
    };

    /// <summary>
    /// Bytes as text in quotes if they are ASCII, the line ends and zero bytes in it as YAML writes them; otherwise in hex. The
    /// first ones of many.
    /// </summary>
    public static string Of(ImmutableArray<byte> bytes)
    {
        ReadOnlySpan<byte> shown = bytes.AsSpan()[..Math.Min(bytes.Length, MostBytesShown)];
        string rest = shown.Length < bytes.Length ? "..." : "";
        // Nothing but zero bytes is no text that anybody would know again.
        bool isText = !shown.ContainsAnyExcept(Writable) && shown.ContainsAnyExcept((byte)0);
        return isText ? $"\"{string.Concat(shown.ToArray().Select(Written))}\"{rest}" : $"0x{Convert.ToHexStringLower(shown)}{rest}";
    }

    private static string Written(byte one) => one switch
    {
        (byte)'\r' => @"\r",
        (byte)'\n' => @"\n",
        (byte)'\t' => @"\t",
        0 => @"\0",
        (byte)'"' or (byte)'\\' => $@"\{(char)one}",
        _ => $"{(char)one}",
    };

    private static string Of(LengthPrefix prefix)
    {
        string format = prefix.Format.ToString().ToLowerInvariant();
        string order = prefix.IsLittleEndian && prefix.Format is not (LengthFormat.U8 or LengthFormat.Varint) ? " little-endian" : "";
        string adjustment = prefix.Adjustment == 0 ? "" : prefix.Adjustment > 0 ? $" plus {prefix.Adjustment}" : $" less {-(long)prefix.Adjustment}";
        return $"their length as {format}{order} at {prefix.Offset}{adjustment}{(prefix.IncludesHeader ? ", header included" : "")}";
    }

    private static string Of(BytesAsNumberTest test)
    {
        string order = test.IsLittleEndian && test.Width > 1 ? " little-endian" : "";
        ulong all = ulong.MaxValue >> (64 - (8 * test.Width));
        bool isMasked = (test.Mask & all) != all;
        // One byte, and what a mask is laid on, is seldom a number to who wrote it.
        bool isHex = isMasked || test.Width == 1;
        string mask = isMasked ? $" mask 0x{test.Mask:x}" : "";
        return $"u{8 * test.Width} at {test.Offset}{order}{mask} is {Of(test.Values, all, value => isHex && value > 9 ? $"0x{value:x}" : $"{value}")}";
    }

    private static string Of(BytesTest test)
    {
        string values = List(test.Values, Of) + (test.IgnoresCase ? " in any case" : "");
        return test.Within > 0 ? $"contains {values} from {test.Offset} to {(long)test.Offset + test.Within}"
            : test.Offset > 0 ? $"bytes at {test.Offset} are {values}"
            : $"starts_with {values}";
    }

    private static string Of(NumberSet values, ulong largest, Func<ulong, string> textOf) => values.Ranges.IsEmpty
        ? "no value"
        : List(values.Ranges, range => range.First == range.Last ? textOf(range.First)
            : range.Last >= largest ? $"at least {textOf(range.First)}"
            : $"{textOf(range.First)}-{textOf(range.Last)}");

    // Beyond this there is none.
    private static ulong Largest(Field field) => field switch
    {
        Field.MessageLength => int.MaxValue,
        Field.StreamOffset => long.MaxValue,
        _ => ushort.MaxValue,
    };

    private static string Of(Field field, ulong value) => (field, value) switch
    {
        (Field.Family, AddressFamilyNumber.IPv4) => "ipv4",
        (Field.Family, AddressFamilyNumber.IPv6) => "ipv6",
        (Field.Family, AddressFamilyNumber.Unix) => "unix",
        (Field.Direction, (ulong)Direction.FromClient) => "from_client",
        (Field.Direction, (ulong)Direction.FromUpstream) => "from_upstream",
        _ => $"{value}",
    };

    private static string List<T>(ImmutableArray<T> items, Func<T, string> textOf) =>
        string.Join(" or ", items.Take(MostListed).Select(textOf))
        + (items.Length > MostListed ? $" or {items.Length - MostListed} more" : "");
}
