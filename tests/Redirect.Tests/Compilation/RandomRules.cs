using System.Net;
using System.Net.Sockets;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Compilation;

/// <summary>Programs and streams of few different bytes, so that conditions hold now and then.</summary>
internal sealed class RandomRules(Random random)
{
    public const int MaxMessage = 48;
    private const string Alphabet = "aAb1";

    private readonly Random _random = random;

    public RandomRules(int seed) : this(new Random(seed))
    {
    }

    /// <summary>Whatever a program may be.</summary>
    public RuleSet Any() => Make(Action, Chance(4) ? Framing() : null);

    /// <summary>One whose outcome must not depend on how its stream is cut.</summary>
    public RuleSet IndependentOfCuts() => Chance(2)
        ? Make(Action, Framing())
        : Make(IndependentAction, null) with { CorksAsNeeded = true };

    public byte[] Stream(int most)
    {
        byte[] stream = [.. Enumerable.Range(0, _random.Next(most)).Select(_ => (byte)Alphabet[_random.Next(Alphabet.Length)])];
        return Chance(6) ? [.. Hello.Of(Chance(4) ? null : Name(), [.. Enumerable.Range(0, _random.Next(3)).Select(_ => Protocol())]), .. stream] : stream;
    }

    public MessageContext Context(int direction = 0)
    {
        (AddressFamily family, string remote, string local) = _random.Next(4) switch
        {
            0 => (AddressFamily.InterNetwork, "10.0.0.1:1000", "10.0.0.2:443"),
            1 => (AddressFamily.InterNetworkV6, "[::ffff:10.0.1.1]:1001", "[::ffff:10.0.0.2]:80"),
            2 => (AddressFamily.InterNetworkV6, "[2001:db8::1]:1000", "[2001:db8::2]:443"),
            _ => (AddressFamily.Unix, "", ""),
        };
        return new MessageContext((MessageDirection)direction, family, family == AddressFamily.Unix ? default : SocketKey.From(IPEndPoint.Parse(remote), IPEndPoint.Parse(local)))
        {
            Side = Chance(2) ? Direction.FromClient : Direction.FromUpstream,
        };
    }

    private RuleSet Make(Func<RuleAction> action, Framing? framing)
    {
        Rule[] rules = [.. Enumerable.Range(0, _random.Next(6)).Select(i => new Rule($"r{i}", Condition(3, framing), action(), Chance(5)))];
        return new RuleSet("random", [.. rules], action()) { Framing = framing, MaxMessage = MaxMessage, CorksAsNeeded = !Chance(8) };
    }

    public Framing Framing() => _random.Next(4) switch
    {
        0 => new FixedLength(1 + _random.Next(9)),
        1 => new Delimiter([.. Text(1, 3)]),
        // The digits of the alphabet are lengths of 49, and "a" less 90 is 7.
        2 => new LengthPrefix(_random.Next(3), LengthFormat.U8, false, -45 - _random.Next(50), Chance(2)),
        _ => new LengthPrefix(_random.Next(2), Chance(2) ? LengthFormat.Varint : LengthFormat.U16, Chance(2), _random.Next(-100, 4), Chance(2)),
    };

    private Predicate Condition(int depth, Framing? framing)
    {
        int parts = _random.Next(4);
        return _random.Next(depth > 0 ? 8 : 5) switch
        {
            5 => new AllOf([.. Enumerable.Range(0, parts).Select(_ => Condition(depth - 1, framing))]),
            6 => new AnyOf([.. Enumerable.Range(0, parts).Select(_ => Condition(depth - 1, framing))]),
            7 => new Not(Condition(depth - 1, framing)),
            0 => OfSocket(framing),
            1 => Number(),
            2 when Chance(3) => Chance(2)
                ? new NameTest(Field.Sni, [Name(), Chance(2) ? "*.a.b" : "*.b"])
                : new NameTest(Field.Alpn, [Protocol()]),
            _ => new BytesTest(_random.Next(6), Chance(3) ? 1 + _random.Next(20) : 0, Chance(2), [.. Enumerable.Range(0, 1 + _random.Next(Chance(4) ? 9 : 3)).Select(_ => Text(1, Chance(9) ? 20 : 5))]),
        };
    }

    private Predicate OfSocket(Framing? framing) => _random.Next(7) switch
    {
        0 => new AddressTest(Field.RemoteAddress, new PrefixSet([IPNetwork.Parse(Chance(2) ? "10.0.0.0/24" : "2001:db8::/64")])),
        1 => new AddressTest(Field.LocalAddress, new PrefixSet([IPNetwork.Parse(Chance(2) ? "10.0.0.2/32" : "::/0")])),
        2 => new NumberTest(Field.RemotePort, Set(1000, 1002)),
        3 => new NumberTest(Chance(2) ? Field.LocalPort : Field.Direction, Set(0, 443)),
        4 => new NumberTest(Field.Family, Set(1, 10)),
        5 when framing is not null => new NumberTest(Field.MessageLength, Set(1, 12)),
        _ => new NumberTest(Field.StreamOffset, Set(0, 12)),
    };

    private BytesAsNumberTest Number()
    {
        int width = 1 << _random.Next(4);
        ulong all = ulong.MaxValue >> (64 - (8 * width));
        ulong mask = Chance(2) ? all : (ulong)_random.NextInt64() & all;
        NumberRange[] ranges = [.. Enumerable.Range(0, 1 + _random.Next(3)).Select(_ =>
        {
            ulong value = Text(width, width).Aggregate(0UL, (sum, b) => (sum << 8) | b) & mask;
            return new NumberRange(value, Chance(3) ? all : value);
        })];
        return new BytesAsNumberTest(_random.Next(5), width, Chance(2), mask, new NumberSet(ranges));
    }

    private RuleAction Action()
    {
        RuleAction action = Verdict() with
        {
            ApplyBytes = Chance(2) ? 0 : Chance(6) ? RuleAction.RestOfStream : 1 + _random.Next(20),
            CorkBytes = Chance(3) ? _random.Next(MaxMessage + 8) : 0,
        };
        return Chance(2) ? action : Edited(action);
    }

    // Bytes are only edited when all that the decision stands for are there.
    private RuleAction IndependentAction()
    {
        int apply = 1 + _random.Next(20);
        RuleAction action = Verdict() with { ApplyBytes = Chance(8) ? RuleAction.RestOfStream : apply, CorkBytes = Chance(3) ? _random.Next(MaxMessage + 8) : 0 };
        return Chance(3) ? Edited(action with { ApplyBytes = apply, CorkBytes = apply + _random.Next(5) }) : action;
    }

    private RuleAction Edited(RuleAction action) => action with
    {
        Push = Chance(2) ? new PushBytes(_random.Next(10), [.. "xyz"u8[..(1 + _random.Next(3))]]) : null,
        Pop = Chance(2) ? new PopBytes(_random.Next(10), 1 + _random.Next(12)) : null,
    };

    private RuleAction Verdict() => _random.Next(6) switch
    {
        0 => new RuleAction(RuleVerdict.Drop),
        1 => new RuleAction(RuleVerdict.Reset),
        2 => new RuleAction(RuleVerdict.Redirect) { Cluster = "there", Ingress = Chance(2) },
        3 => new RuleAction(RuleVerdict.Redirect) { Cluster = "nowhere" },
        _ => new RuleAction(RuleVerdict.Pass),
    };

    private NumberSet Set(int least, int most)
    {
        int first = _random.Next(least, most);
        return new NumberSet([new((ulong)first, (ulong)_random.Next(first, most + 1))]);
    }

    private System.Collections.Immutable.ImmutableArray<byte> Text(int least, int most) =>
        [.. Enumerable.Range(0, _random.Next(least, most + 1)).Select(_ => (byte)Alphabet[_random.Next(Alphabet.Length)])];

    private string Name() => Chance(2) ? "x.a.b" : "a.b";

    private string Protocol() => Chance(2) ? "h2" : "http/1.1";

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;
}
