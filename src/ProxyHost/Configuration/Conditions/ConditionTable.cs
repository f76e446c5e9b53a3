using System.Collections.Immutable;
using System.Net;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.Redirect;
using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration.Conditions;

/// <summary>The table of <c>when</c>: what a rule or a route can ask. A new condition is a row here.</summary>
internal static class ConditionTable
{
    private const ulong MostPorts = 65535;

    /// <summary>In the order in which people would write them.</summary>
    public static IReadOnlyList<Condition> Rows { get; } =
    [
        Address("remote_address", Field.RemoteAddress, "[10.0.0.0/8, \"fd00::/8\"]",
            "The address at the other end of the connection that the bytes come from: the client's for `from_client` and routes. " +
            "Does not hold on unix sockets."),
        Address("local_address", Field.LocalAddress, "127.0.0.1", "The address of ours that it came to or went out from."),
        Number("remote_port", Field.RemotePort, 0, MostPorts, "1024-65535", "The port at the other end."),
        Number("local_port", Field.LocalPort, 0, MostPorts, "[80, 8080]", "The port of ours."),
        Word<AddressFamilyWord>("family", Field.Family, "ipv4", "What kind of connection the bytes come from.",
            new("ipv4", AddressFamilyWord.IPv4), new("ipv6", AddressFamilyWord.IPv6), new("unix", AddressFamilyWord.Unix)),
        Word<Direction>("direction", Field.Direction, "from_client",
            "Which side sent the bytes, for a program that judges both.",
            new("from_client", Direction.FromClient), new("from_upstream", Direction.FromUpstream)),
        Number("message_length", Field.MessageLength, 1, int.MaxValue, "{ at_least: 1024 }",
            "Bytes of the message; without framing, of what is at hand."),
        Number("stream_offset", Field.StreamOffset, 0, long.MaxValue, "0",
            "Where the message begins, counted in bytes from the beginning of its stream: `0` is the first message."),
        BytesAsNumber.Row("u8", 1), BytesAsNumber.Row("u16", 2), BytesAsNumber.Row("u32", 4), BytesAsNumber.Row("u64", 8),
        .. BytesConditions.Rows,
        Names("sni", Field.Sni, new ServerNameType(), "\"*.example.com\"",
            "The host name that a TLS ClientHello asks for, in upper or lower case."),
        Names("alpn", Field.Alpn, new ProtocolNameType(), "[h2, http/1.1]",
            "An application protocol that a TLS ClientHello offers, among others."),
        List("any", parts => new AnyOf(parts), p => (p as AnyOf)?.Parts, "[{ remote_port: 80 }, { sni: a.example }]",
            "At least one of these holds."),
        List("all", parts => new AllOf(parts), p => (p as AllOf)?.Parts, "[{ u8: { is: 1 } }, { u8: { at: 4, is: 2 } }]",
            "All of these hold: for two conditions with the same key."),
        new("not",
            new MappedType<Predicate, Predicate>(ConditionsType.Shared, part => new Not(part), p => ((Not)p).Part), p => p is Not)
        {
            Summary = "These do not hold together.",
            Example = "{ remote_address: 10.0.0.0/8 }",
        },
    ];

    private static Condition Address(string name, Field field, string example, string summary) => new(
        name,
        new MappedType<ImmutableArray<IPNetwork>, Predicate>(
            new ListType<IPNetwork>(new PrefixType(), "prefixes", orOne: true),
            prefixes => new AddressTest(field, new PrefixSet(prefixes)), p => ((AddressTest)p).Prefixes.Prefixes),
        p => p is AddressTest test && test.Field == field)
    { Summary = summary, Example = example };

    private static Condition Number(string name, Field field, ulong smallest, ulong largest, string example, string summary) => new(
        name,
        new MappedType<NumberSet, Predicate>(
            new NumberSetType(smallest, largest), set => new NumberTest(field, set), p => ((NumberTest)p).Values),
        p => p is NumberTest test && test.Field == field)
    { Summary = summary, Example = example };

    private static Condition Word<T>(string name, Field field, string example, string summary, params Choice<T>[] words)
        where T : struct, Enum => new(
        name,
        new MappedType<ImmutableArray<T>, Predicate>(
            new ListType<T>(new ChoiceType<T>(words), "words", orOne: true),
            meant => new NumberTest(field, new NumberSet(meant.Select(Of))),
            p => [.. words.Select(word => word.Value).Where(value => ((NumberTest)p).Values.Contains(Of(value).First))]),
        p => p is NumberTest test && test.Field == field)
    { Summary = summary, Example = example };

    private static Condition Names(string name, Field field, YamlType<string> type, string example, string summary) => new(
        name,
        new MappedType<ImmutableArray<string>, Predicate>(
            new ListType<string>(type, "names", orOne: true), names => new NameTest(field, names), p => ((NameTest)p).Patterns),
        p => p is NameTest test && test.Field == field)
    { Summary = summary, Example = example };

    private static Condition List(
        string name, Func<ImmutableArray<Predicate>, Predicate> join, Func<Predicate, ImmutableArray<Predicate>?> parts, string example, string summary) => new(
        name,
        new MappedType<ImmutableArray<Predicate>, Predicate>(
            new ListType<Predicate>(ConditionsType.Shared, "conditions"), join, p => parts(p)!.Value),
        p => parts(p) is not null)
    { Summary = summary, Example = example };

    private static NumberRange Of<T>(T word) where T : struct, Enum
    {
        ulong number = Convert.ToUInt64(word, System.Globalization.CultureInfo.InvariantCulture);
        return new NumberRange(number, number);
    }
}
