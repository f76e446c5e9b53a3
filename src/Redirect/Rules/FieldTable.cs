using System.Collections.Immutable;

namespace Sluice.Redirect.Rules;

/// <summary>
/// Every field that rules can look at, a row each: the one place that knows what it is called and who has it. Which engines
/// have it follows from uapi/linux/bpf.h (struct __sk_buff, struct sk_msg_md).
/// </summary>
public static class FieldTable
{
    /// <summary>A row for each <see cref="Field"/>, in its order.</summary>
    public static ImmutableArray<FieldRow> Rows { get; } =
    [
        new(Field.RemoteAddress, ["remote_address"], FieldKind.Address, false, RuleEngines.All,
            "The address at the other end of the socket that the bytes pass through."),
        new(Field.LocalAddress, ["local_address"], FieldKind.Address, false, RuleEngines.All,
            "The own address of the socket that the bytes pass through."),
        new(Field.RemotePort, ["remote_port"], FieldKind.Number, false, RuleEngines.All,
            "The port at the other end of the socket that the bytes pass through."),
        new(Field.LocalPort, ["local_port"], FieldKind.Number, false, RuleEngines.All,
            "The own port of the socket that the bytes pass through."),
        new(Field.Family, ["family"], FieldKind.Number, false, RuleEngines.All,
            "Whether the connection is IPv4, IPv6 or a unix domain socket's."),
        new(Field.Direction, ["direction"], FieldKind.Number, false, RuleEngines.All,
            "Whether the bytes come from the client or from the upstream."),
        new(Field.MessageLength, ["message_length"], FieldKind.Number, false, RuleEngines.All,
            "The length of the message in bytes; without framing, of what is at hand."),
        // The kernel tells its programs nothing about it; ours count what passes through them.
        new(Field.StreamOffset, ["stream_offset"], FieldKind.Number, false, RuleEngines.All,
            "How many bytes the stream has carried before the message."),
        new(Field.Number, ["u8", "u16", "u32", "u64"], FieldKind.BytesAsNumber, true, RuleEngines.All,
            "One, two, four or eight bytes of the message as an unsigned number."),
        new(Field.Bytes, ["starts_with", "bytes", "contains"], FieldKind.Bytes, true, RuleEngines.All,
            "Bytes of the message as they are: at its beginning, at an offset, or somewhere in a range."),
        new(Field.Sni, ["sni"], FieldKind.Name, true, RuleEngines.Managed,
            "The host name that the TLS ClientHello asks for."),
        new(Field.Alpn, ["alpn"], FieldKind.Name, true, RuleEngines.Managed,
            "The application protocols that the TLS ClientHello offers."),
    ];

    private static readonly Dictionary<string, FieldRow> ByWord =
        Rows.SelectMany(row => row.Words.Select(word => (word, row))).ToDictionary(pair => pair.word, pair => pair.row, StringComparer.Ordinal);

    /// <summary>The row of a field.</summary>
    public static FieldRow Row(Field field) => Rows[(int)field];

    /// <summary>The row that has this word of YAML; null when none has.</summary>
    public static FieldRow? Find(string word) => ByWord.GetValueOrDefault(word);

    /// <summary>What can divide a stream in this way; null stands for no framing.</summary>
    // The kernel has a parser only for what a socket receives. It cannot search, and in a segment with several messages it is
    // shown the first one's bytes for each of them, so lengths that differ go wrong. And it gives one verdict for one segment.
    public static RuleEngines Engines(Framing? framing) => framing is null ? RuleEngines.All : RuleEngines.Managed;
}
