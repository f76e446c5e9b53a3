using System.Collections.Immutable;

namespace Sluice.Redirect.Rules;

/// <summary>
/// Every field that rules can look at, a row each: the one place that knows what it is called. What of it the kernel has is
/// for the compiler to say.
/// </summary>
public static class FieldTable
{
    /// <summary>A row for each <see cref="Field"/>, in its order.</summary>
    public static ImmutableArray<FieldRow> Rows { get; } =
    [
        new(Field.RemoteAddress, ["remote_address"], FieldKind.Address, false,
            "The address at the other end of the socket that the bytes pass through."),
        new(Field.LocalAddress, ["local_address"], FieldKind.Address, false,
            "The own address of the socket that the bytes pass through."),
        new(Field.RemotePort, ["remote_port"], FieldKind.Number, false,
            "The port at the other end of the socket that the bytes pass through."),
        new(Field.LocalPort, ["local_port"], FieldKind.Number, false,
            "The own port of the socket that the bytes pass through."),
        new(Field.Family, ["family"], FieldKind.Number, false,
            "Whether the connection is IPv4, IPv6 or a unix domain socket's."),
        new(Field.Direction, ["direction"], FieldKind.Number, false,
            "Whether the bytes come from the client or from the upstream."),
        new(Field.MessageLength, ["message_length"], FieldKind.Number, false,
            "The length of the message in bytes; without framing, of what is at hand."),
        new(Field.StreamOffset, ["stream_offset"], FieldKind.Number, false,
            "How many bytes the stream has carried before the message."),
        new(Field.Number, ["u8", "u16", "u32", "u64"], FieldKind.BytesAsNumber, true,
            "One, two, four or eight bytes of the message as an unsigned number."),
        new(Field.Bytes, ["starts_with", "bytes", "contains"], FieldKind.Bytes, true,
            "Bytes of the message as they are: at its beginning, at an offset, or somewhere in a range."),
        new(Field.Sni, ["sni"], FieldKind.Name, true,
            "The host name that the TLS ClientHello asks for."),
        new(Field.Alpn, ["alpn"], FieldKind.Name, true,
            "The application protocols that the TLS ClientHello offers."),
    ];

    private static readonly Dictionary<string, FieldRow> ByWord =
        Rows.SelectMany(row => row.Words.Select(word => (word, row))).ToDictionary(pair => pair.word, pair => pair.row, StringComparer.Ordinal);

    /// <summary>The row of a field.</summary>
    public static FieldRow Row(Field field) => Rows[(int)field];

    /// <summary>The row that has this word of YAML; null when none has.</summary>
    public static FieldRow? Find(string word) => ByWord.GetValueOrDefault(word);
}
