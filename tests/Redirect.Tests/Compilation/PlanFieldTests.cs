using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Compilation;

/// <summary>Each kind of test on its own: "true", "false", or how many bytes it waits for.</summary>
public sealed class PlanFieldTests
{
    private static readonly MessageContext IPv4 = Context(AddressFamily.InterNetwork, "10.1.2.3:4000", "192.0.2.1:443");
    private static readonly MessageContext Mapped = Context(AddressFamily.InterNetworkV6, "[::ffff:10.1.2.3]:4000", "[::ffff:192.0.2.1]:443");
    private static readonly MessageContext IPv6 = Context(AddressFamily.InterNetworkV6, "[2001:db8::1]:4000", "[2001:db8::2]:443");
    private static readonly MessageContext Unix = new(MessageDirection.Ingress, AddressFamily.Unix);

    [Theory]
    [InlineData("GET ", "P", "false")]
    [InlineData("GET ", "GE", "3")]
    [InlineData("GET ", "GEX", "false")]
    [InlineData("GET ", "GET ", "true")]
    [InlineData("GET ", "GET /", "true")]
    [InlineData("GET ", "get ", "false")]
    [InlineData("GET ", "", "1")]
    public void A_prefix_is_decided_by_the_first_byte_that_differs(string value, string data, string expected) =>
        Assert.Equal(expected, Outcome(Bytes(0, 0, false, value), data));

    [Theory]
    [InlineData("PO", "3")]
    [InlineData("G", "2")]
    [InlineData("X", "false")]
    [InlineData("PUT", "true")]
    [InlineData("POS", "4")]
    public void One_of_several_prefixes_is_enough(string data, string expected) =>
        Assert.Equal(expected, Outcome(Bytes(0, 0, false, "GET", "POST", "PUT"), data));

    [Theory]
    [InlineData("..AbC", "true")]
    [InlineData("..aX", "false")]
    [InlineData("..a", "4")]
    [InlineData(".", "3")]
    [InlineData("..[bc", "false")]
    public void Letters_may_match_in_any_case_at_an_offset(string data, string expected) =>
        Assert.Equal(expected, Outcome(Bytes(2, 0, true, "aBc"), data));

    // Sixteen bytes are compared at once, when so many are there.
    [Theory]
    [InlineData("0123456789ABCDEF", "0123456789abcdef", "true")]
    [InlineData("0123456789ABCDEF", "0123456789abcdeg", "false")]
    [InlineData("0123456789ABCDEFG", "0123456789abcdef", "18")]
    [InlineData("0123456789ABCDEFG", "0123456789abcdefg", "true")]
    [InlineData("0123456789ABCDEFG", "0123456789abcdefh", "false")]
    [InlineData("0123456789ABCDEFG", "0123456789abcdeg", "false")]
    [InlineData("@[`{", "`{@[............", "false")]
    [InlineData("A", "a...............", "true")]
    public void Long_values_are_compared_to_their_end(string value, string data, string expected) =>
        Assert.Equal(expected, Outcome(Bytes(1, 0, true, value), "-" + data));

    [Theory]
    [InlineData("", "1")]
    [InlineData("GE", "3")]
    [InlineData("DELETE", "true")]
    [InlineData("p", "2")]
    [InlineData("PUT", "true")]
    [InlineData("X", "false")]
    [InlineData("\u0000", "2")]
    [InlineData("~~", "true")]
    public void Many_values_are_looked_up(string data, string expected) =>
        Assert.Equal(expected, Outcome(Bytes(0, 0, true, "GET", "POST", "PUT", "HEAD", "DELETE", "PATCH", "\0\0", "~~"), data));

    [Fact]
    public void Bytes_that_are_no_letters_have_no_case()
    {
        Assert.Equal("true", Outcome(new BytesTest(0, 0, true, [[0xE4, (byte)'a']]), [0xE4, (byte)'A']));
        Assert.Equal("false", Outcome(new BytesTest(0, 0, true, [[0xE4, (byte)'a']]), [0xC4, (byte)'A']));
        Assert.Equal("false", Outcome(new BytesTest(0, 9, true, [[(byte)'[', (byte)'a']]), "{A"u8.ToArray(), isFinal: true));
    }

    // It may begin at 1 to 4. Nothing can be said before the shortest that could be there is there, or no place is left.
    [Theory]
    [InlineData("", "4")]
    [InlineData("xxx", "5")]
    [InlineData("abc", "5")]
    [InlineData("xabc", "true")]
    [InlineData("xxab", "5")]
    [InlineData("xxxxx", "false")]
    [InlineData("xxxxa", "6")]
    [InlineData("xxxxab", "7")]
    [InlineData("xxxxabd", "false")]
    [InlineData("xxxxabc", "true")]
    [InlineData("xxxxxabc", "false")]
    [InlineData("aaaaa", "6")]
    public void A_search_waits_for_the_least_that_can_decide_it(string data, string expected) =>
        Assert.Equal(expected, Outcome(Bytes(1, 3, false, "abc"), data));

    [Theory]
    [InlineData("aaa", "9")]
    [InlineData("aab", "8")]
    [InlineData("aabaab", "8")]
    [InlineData("aabaaba", "8")]
    [InlineData("aabaabaab", "11")]
    [InlineData("aabaabab", "true")]
    public void A_search_looks_for_the_value_that_has_begun_first(string data, string expected) =>
        Assert.Equal(expected, Outcome(Bytes(0, 1000, false, "aabaabab"), data));

    [Theory]
    [InlineData(1, false, 0xFFul, "1", "false")]
    [InlineData(2, false, 0xFFFFul, "258", "true")]
    [InlineData(2, true, 0xFFFFul, "513", "true")]
    [InlineData(4, false, 0xFFFFFFFFul, "16909060", "true")]
    [InlineData(4, true, 0xFFFFFFFFul, "67305985", "true")]
    [InlineData(8, false, ulong.MaxValue, "72623859790382856", "true")]
    [InlineData(8, true, ulong.MaxValue, "578437695752307201", "true")]
    [InlineData(2, false, 0x0F0Ful, "258", "true")]
    [InlineData(2, false, 0xF0F0ul, "0", "true")]
    [InlineData(2, false, 0xFFFFul, "259", "false")]
    public void Bytes_are_read_as_a_number(int width, bool isLittleEndian, ulong mask, string value, string expected) => Assert.Equal(
        expected,
        Outcome(new BytesAsNumberTest(1, width, isLittleEndian, mask, Set(ulong.Parse(value, null))), [9, .. width == 1 ? new byte[] { 2 } : [1, 2, 3, 4, 5, 6, 7, 8]]));

    [Fact]
    public void A_number_is_there_whole_or_not_at_all()
    {
        var test = new BytesAsNumberTest(3, 4, false, uint.MaxValue, new NumberSet([new(0, 5), new(9, 12)]));
        Assert.Equal("7", Outcome(test, new byte[2]));
        Assert.Equal("7", Outcome(test, new byte[6]));
        Assert.Equal("true", Outcome(test, [1, 1, 1, 0, 0, 0, 11]));
        Assert.Equal("false", Outcome(test, [1, 1, 1, 0, 0, 0, 8]));
        Assert.Equal("false", Outcome(test, new byte[6], isFinal: true));
        Assert.Equal("true", Outcome(new Not(test), new byte[6], isFinal: true));
        Assert.Equal("7", Outcome(new Not(test), new byte[6]));
    }

    [Fact]
    public void Addresses_and_ports_are_those_of_the_socket()
    {
        Assert.All([IPv4, Mapped], context =>
        {
            Assert.Equal("true", Outcome(Address(Field.RemoteAddress, "10.0.0.0/8"), "", context));
            Assert.Equal("false", Outcome(Address(Field.LocalAddress, "10.0.0.0/8"), "", context));
            Assert.Equal("true", Outcome(Address(Field.LocalAddress, "192.0.2.1/32"), "", context));
            Assert.Equal("true", Outcome(new NumberTest(Field.RemotePort, Set(4000)), "", context));
            Assert.Equal("true", Outcome(new NumberTest(Field.LocalPort, Set(443)), "", context));
            Assert.Equal("true", Outcome(new NumberTest(Field.Family, Set(AddressFamilyNumber.IPv4)), "", context));
        });
        Assert.Equal("true", Outcome(Address(Field.RemoteAddress, "2001:db8::/32"), "", IPv6));
        Assert.Equal("true", Outcome(new NumberTest(Field.Family, Set(AddressFamilyNumber.IPv6)), "", IPv6));
    }

    [Fact]
    public void A_unix_socket_has_no_address_and_no_port()
    {
        Predicate[] tests = [Address(Field.RemoteAddress, "::/0"), Address(Field.LocalAddress, "::/0"), new NumberTest(Field.RemotePort, Set(0)), new NumberTest(Field.LocalPort, Set(0))];
        Assert.All(tests, test => Assert.Equal(("false", "true"), (Outcome(test, "", Unix), Outcome(new Not(test), "", Unix))));
        Assert.Equal("true", Outcome(new NumberTest(Field.Family, Set(AddressFamilyNumber.Unix)), "", Unix));
    }

    [Fact]
    public void Direction_length_and_offset_are_always_there()
    {
        Assert.Equal("true", Outcome(new NumberTest(Field.Direction, Set(1)), "", IPv4 with { Side = Direction.FromUpstream }));
        Assert.Equal("false", Outcome(new NumberTest(Field.Direction, Set(1)), "", IPv4));
        Assert.Equal("true", Outcome(new NumberTest(Field.MessageLength, Set(3)), "abc"));
        Assert.Equal("true", Outcome(new NumberTest(Field.StreamOffset, Set(77)), "abc"));
    }

    [Fact]
    public void Names_come_from_the_hello()
    {
        byte[] hello = Hello.Of("WWW.Example.com", "h2", "http/1.1");
        Assert.Equal("true", Outcome(new NameTest(Field.Sni, ["other", "www.example.com"]), hello));
        Assert.Equal("true", Outcome(new NameTest(Field.Sni, ["*.example.com"]), hello));
        Assert.Equal("false", Outcome(new NameTest(Field.Sni, ["example.com", "*.www.example.com"]), hello));
        Assert.Equal("true", Outcome(new NameTest(Field.Alpn, ["http/1.1"]), hello));
        Assert.Equal("false", Outcome(new NameTest(Field.Alpn, ["H2"]), hello));
        Assert.Equal("false", Outcome(new NameTest(Field.Sni, ["*.example.com"]), Hello.Of(null, "h2")));
        Assert.Equal("true", Outcome(new Not(new NameTest(Field.Alpn, ["h2"])), Hello.Of("a")));
        Assert.All(Enumerable.Range(0, hello.Length), length =>
            Assert.Equal($"{length + 1}", Outcome(new NameTest(Field.Sni, ["www.example.com"]), hello[..length])));
        Assert.Equal("false", Outcome(new NameTest(Field.Sni, ["www.example.com"]), "GET / HTTP/1.1"));
        Assert.Equal("false", Outcome(new NameTest(Field.Sni, ["www.example.com"]), hello[..^1], isFinal: true));
    }

    [Theory]
    [InlineData("ab", "true")]
    [InlineData("a", "2")]
    [InlineData("x", "false")]
    [InlineData("xb", "false")]
    public void All_is_false_with_any_part_and_waits_for_the_nearest(string data, string expected) =>
        Assert.Equal(expected, Outcome(new AllOf([Bytes(1, 0, false, "b"), Bytes(0, 0, false, "a")]), data));

    [Theory]
    [InlineData("a", "true")]
    [InlineData("x", "2")]
    [InlineData("xb", "true")]
    [InlineData("xx", "false")]
    public void Any_is_true_with_any_part_and_waits_for_the_nearest(string data, string expected) =>
        Assert.Equal(expected, Outcome(new AnyOf([Bytes(1, 0, false, "b"), Bytes(0, 0, false, "a")]), data));

    [Fact]
    public void Groups_of_nothing_are_decided()
    {
        Assert.Equal("true", Outcome(new AllOf([]), ""));
        Assert.Equal("false", Outcome(new AnyOf([]), ""));
        Assert.Equal("false", Outcome(new Not(new AllOf([])), ""));
    }

    [Fact]
    public void Nothing_is_waited_for_beyond_the_longest_message()
    {
        RuleSet rules = Rules(Bytes(0, 0, false, "abcdef")) with { MaxMessage = 4 };
        var plan = VerdictPlan.Compile(rules);
        Assert.Equal(new Ruling(0, 4), plan.Decide(View("abc")));
        Assert.Equal(new Ruling(1, 0), plan.Decide(View("abcd")));
        // What came along by chance is not looked at either.
        Assert.Equal(new Ruling(1, 0), plan.Decide(View("abcdef")));
    }

    [Fact]
    public void Impossible_conditions_are_refused()
    {
        Predicate deep = new AllOf([]);
        for (int i = 0; i < RuleLimits.Depth; i++)
            deep = new Not(deep);
        Predicate[] impossible =
        [
            deep,
            new NumberTest(Field.Sni, Set(1)),
            new AddressTest(Field.RemotePort, new PrefixSet([])),
            new NameTest(Field.Bytes, ["a"]),
            new BytesAsNumberTest(0, 3, false, 1, Set(1)),
            new BytesAsNumberTest(-1, 2, false, 1, Set(1)),
            new BytesTest(0, 0, false, [[]]),
            new BytesTest(0, -1, false, [[1]]),
        ];
        Assert.All(impossible, condition => Assert.Throws<ArgumentException>(() => VerdictPlan.Compile(Rules(condition))));
    }

    private static string Outcome(Predicate condition, string data, MessageContext? context = null) =>
        Outcome(condition, Encoding.ASCII.GetBytes(data), context: context);

    private static string Outcome(Predicate condition, byte[] data, bool isFinal = false, MessageContext? context = null)
    {
        Ruling ruling = VerdictPlan.Compile(Rules(condition)).Decide(new MessageView(data, context ?? IPv4, 77, isFinal));
        return ruling switch
        {
            (_, > 0) => $"{ruling.NeededBytes}",
            (0, _) => "true",
            _ => "false",
        };
    }

    private static RuleSet Rules(Predicate condition) =>
        new("test", [new Rule("only", condition, new RuleAction(RuleVerdict.Drop))], new RuleAction(RuleVerdict.Pass));

    private static MessageView View(string data) => new(Encoding.ASCII.GetBytes(data), IPv4, 0, isFinal: false);

    private static BytesTest Bytes(int offset, int within, bool ignoresCase, params string[] values) =>
        new(offset, within, ignoresCase, [.. values.Select(value => ImmutableArray.Create(Encoding.ASCII.GetBytes(value)))]);

    private static AddressTest Address(Field field, string prefix) => new(field, new PrefixSet([IPNetwork.Parse(prefix)]));

    private static NumberSet Set(ulong value) => new([new(value, value)]);

    private static MessageContext Context(AddressFamily family, string remote, string local) =>
        new(MessageDirection.Ingress, family, SocketKey.From(IPEndPoint.Parse(remote), IPEndPoint.Parse(local)));
}
