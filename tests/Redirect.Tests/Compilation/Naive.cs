using System.Net;
using System.Text;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Rules.Tls;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Compilation;

/// <summary>What rules mean, as slowly and plainly as it can be said: null is "not decided yet".</summary>
internal sealed class Naive(RuleSet rules, MessageContext context)
{
    /// <summary>The rule that decides on these bytes, or null.</summary>
    public int? Decide(byte[] bytes, long offset, bool isFinal)
    {
        bool isWhole = IsWhole(bytes, isFinal);
        for (int i = 0; i < rules.Rules.Length; i++)
        {
            if (rules.Rules[i].IsShadow)
                continue;
            bool? truth = Holds(rules.Rules[i].When, bytes, offset, isWhole);
            if (truth == null)
                return null;
            if (truth == true)
                return Waits(rules.Rules[i].Action, bytes, isWhole) ? null : i;
        }

        return Waits(rules.Otherwise, bytes, isWhole) ? null : rules.Rules.Length;
    }

    /// <summary>The shadow rules that match when a rule has decided on these bytes.</summary>
    public int[] Shadows(byte[] bytes, long offset, bool isFinal, int decided) =>
        [.. Enumerable.Range(0, decided).Where(i => rules.Rules[i].IsShadow && Holds(rules.Rules[i].When, bytes, offset, IsWhole(bytes, isFinal)) == true)];

    private bool? Holds(Predicate condition, byte[] bytes, long offset, bool isWhole) =>
        Holds(condition, new Seen(bytes[..Math.Min(bytes.Length, rules.MaxMessage)], bytes.Length, offset, isWhole || !rules.CorksAsNeeded));

    private bool IsWhole(byte[] bytes, bool isFinal) => isFinal || rules.Framing != null || bytes.Length >= rules.MaxMessage;

    private bool Waits(RuleAction action, byte[] bytes, bool isWhole) => !isWhole && bytes.Length < Math.Min(action.CorkBytes, rules.MaxMessage);

    private bool? Holds(Predicate condition, Seen seen)
    {
        switch (condition)
        {
            case Not not:
                return !Holds(not.Part, seen);
            case AllOf all:
                bool?[] parts = [.. all.Parts.Select(part => Holds(part, seen))];
                return parts.Contains(false) ? false : parts.Contains(null) ? null : true;
            case AnyOf any:
                bool?[] others = [.. any.Parts.Select(part => Holds(part, seen))];
                return others.Contains(true) ? true : others.Contains(null) ? null : false;
            case NumberTest test:
                return Value(test.Field, seen) is { } value && In(test.Values, value);
            case AddressTest test:
                return HasAddresses && test.Prefixes.Prefixes.Any(prefix => IsIn(prefix, test.Field == Field.RemoteAddress ? context.Key.Remote : context.Key.Local));
            case BytesAsNumberTest test:
                return Holds(test, seen);
            case BytesTest test:
                return Holds(test, seen);
            default:
                return Holds((NameTest)condition, seen);
        }
    }

    private static bool? Holds(BytesAsNumberTest test, Seen seen)
    {
        if (seen.Bytes.Length < test.Offset + test.Width)
            return seen.IsFinal ? false : null;

        byte[] bytes = seen.Bytes[test.Offset..(test.Offset + test.Width)];
        ulong value = (test.IsLittleEndian ? bytes.Reverse() : bytes).Aggregate(0UL, (sum, b) => (sum << 8) | b);
        return In(test.Values, value & test.Mask);
    }

    // At each place where a value may begin: is it there, can it still be, or neither?
    private static bool? Holds(BytesTest test, Seen seen)
    {
        bool mayBe = false;
        for (int start = test.Offset; start <= test.Offset + test.Within; start++)
        {
            foreach (var value in test.Values)
            {
                int same = 0;
                while (same < value.Length && start + same < seen.Bytes.Length && Same(value[same], seen.Bytes[start + same], test.IgnoresCase))
                    same++;
                if (same == value.Length)
                    return true;
                mayBe |= start + same >= seen.Bytes.Length;
            }
        }

        return mayBe && !seen.IsFinal ? null : false;
    }

    private static bool? Holds(NameTest test, Seen seen)
    {
        ClientHelloResult hello = ClientHello.Read(seen.Bytes);
        if (hello.Status == ClientHelloStatus.Incomplete)
            return seen.IsFinal ? false : null;
        if (hello.Status != ClientHelloStatus.Complete)
            return false;

        List<string> names = [];
        if (test.Field == Field.Sni)
            names.Add(Encoding.Latin1.GetString(hello.ServerName).ToLowerInvariant());
        else
            foreach (ReadOnlySpan<byte> name in hello.Alpn)
                names.Add(Encoding.Latin1.GetString(name));
        return test.Patterns.Any(pattern => pattern.StartsWith("*.", StringComparison.Ordinal)
            ? names.Exists(name => name.Length > pattern.Length - 1 && name.EndsWith(pattern[1..], StringComparison.Ordinal))
            : names.Contains(pattern));
    }

    private bool HasAddresses => context.Family is System.Net.Sockets.AddressFamily.InterNetwork or System.Net.Sockets.AddressFamily.InterNetworkV6;

    private ulong? Value(Field field, Seen seen) => field switch
    {
        Field.RemotePort => HasAddresses ? (ulong)context.Key.Remote.Port : null,
        Field.LocalPort => HasAddresses ? (ulong)context.Key.Local.Port : null,
        Field.Family => context.Family switch
        {
            System.Net.Sockets.AddressFamily.Unix => 1,
            _ when !HasAddresses => null,
            _ => context.Key.Remote.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 2 : 10UL,
        },
        Field.Direction => (ulong)context.Side,
        Field.MessageLength => (ulong)seen.AtHand,
        _ => (ulong)seen.Offset,
    };

    private static bool IsIn(IPNetwork prefix, IPEndPoint endPoint) =>
        prefix.Contains(prefix.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? endPoint.Address.MapToIPv6() : endPoint.Address);

    private static bool In(NumberSet set, ulong value) => set.Ranges.Any(range => range.First <= value && value <= range.Last);

    private static bool Same(byte a, byte b, bool ignoresCase) =>
        a == b || (ignoresCase && char.IsAsciiLetter((char)a) && char.IsAsciiLetter((char)b) && (a | 0x20) == (b | 0x20));

    private sealed record Seen(byte[] Bytes, int AtHand, long Offset, bool IsFinal);
}
