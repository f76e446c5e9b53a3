using System.Net;
using System.Net.Sockets;
using CsCheck;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Compilation.Kernel;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Compilation.Kernel;

/// <summary>Single tests of larger numbers, sets and values than random programs have, negated or not.</summary>
public sealed class TestProperties
{
    private const int Programs = 600;

    [Fact]
    public void Numbers_are_found_in_sets() => Gen.Int.Sample(seed =>
    {
        var random = new Random(seed);
        int width = 1 << random.Next(4);
        ulong all = ulong.MaxValue >> (64 - (8 * width));
        ulong[] near = [.. Enumerable.Range(0, 6).Select(_ => Number(random) & all), 0, all];
        NumberRange[] ranges = [.. Enumerable.Range(0, random.Next(30)).Select(_ =>
        {
            ulong first = near[random.Next(near.Length)] + (ulong)random.Next(4);
            return new NumberRange(first, Math.Max(first, near[random.Next(near.Length)]));
        })];
        int offset = random.Next(20);
        var test = new BytesAsNumberTest(offset, width, random.Next(2) == 0, random.Next(2) == 0 ? all : Number(random) & all, new NumberSet(ranges));
        byte[] message = new byte[offset + width + random.Next(3)];
        for (int i = 0; i < 12; i++)
        {
            random.NextBytes(message);
            byte[] number = BitConverter.GetBytes(near[random.Next(near.Length)] + (ulong)random.Next(-1, 2));
            if (!test.IsLittleEndian)
                Array.Reverse(number, 0, width);
            number.AsSpan(0, width).CopyTo(message.AsSpan(offset));
            Check(test, random, message);
        }
    }, iter: Programs);

    [Fact]
    public void Addresses_are_found_in_sets_of_any_size() => Gen.Int.Sample(seed =>
    {
        var random = new Random(seed);
        int count = random.Next(4) == 0 ? random.Next(200) : random.Next(8);
        IPNetwork[] prefixes = [.. Enumerable.Range(0, count).Select(_ => Network(random))];
        var test = new AddressTest(random.Next(2) == 0 ? Field.RemoteAddress : Field.LocalAddress, new PrefixSet(prefixes));
        for (int i = 0; i < 10; i++)
            Check(test, random, [1], Socket(Address(random), Address(random)));
    }, iter: Programs / 2);

    [Fact]
    public void Values_are_found_whole_and_in_part() => Gen.Int.Sample(seed =>
    {
        var random = new Random(seed);
        byte[] text = [.. Enumerable.Range(0, 60).Select(_ => (byte)"aA\0\x20@`"[random.Next(6)])];
        int offset = random.Next(30);
        var values = Enumerable.Range(0, 1 + random.Next(4)).Select(_ =>
        {
            byte[] value = text[..(1 + random.Next(30))];
            if (random.Next(2) == 0)
                value[random.Next(value.Length)] ^= (byte)(1 << random.Next(8));
            return System.Collections.Immutable.ImmutableArray.Create(value);
        });
        var test = new BytesTest(offset, 0, random.Next(2) == 0, [.. values]);
        byte[] message = [.. new byte[offset], .. text];
        for (int length = 1; length < message.Length; length++)
            Check(test, random, message[..length]);
    }, iter: Programs / 2);

    [Fact]
    public void The_numbers_of_a_socket_are_read() => Gen.Int.Sample(seed =>
    {
        var random = new Random(seed);
        MessageContext context = Socket(Address(random), Address(random));
        Field field = (Field)random.Next((int)Field.RemotePort, (int)Field.StreamOffset + 1);
        ulong[] values = [context.Key.RemotePort, context.Key.LocalPort, 0, 1, 2, 10, 5, 1UL << 40];
        ulong first = values[random.Next(values.Length)] + (ulong)random.Next(2);
        Check(new NumberTest(field, new NumberSet([new NumberRange(first, first + (ulong)random.Next(3))])), random, new byte[5], context);
    }, iter: Programs);

    private static void Check(Predicate test, Random random, byte[] message, MessageContext? context = null)
    {
        context ??= Socket(Address(random), Address(random));
        Predicate condition = random.Next(2) == 0 ? test : new Not(test);
        var rules = new RuleSet("test", [new Rule("rule", condition, new RuleAction(RuleVerdict.Pass))], new RuleAction(RuleVerdict.Pass)) { CorksAsNeeded = random.Next(4) > 0 };
        var plan = VerdictPlan.Compile(rules);
        var kind = (BpfProgramKind)random.Next(2);
        BpfCompilation compiled = BpfBackend.Compile(plan, kind, context.Side);
        Assert.Empty(compiled.Refusals);
        long offset = random.Next(2) == 0 ? 5 : 1L << 40;
        Ruling ruling = plan.Decide(new MessageView(message, context, offset, isFinal: false));
        var program = new SimulatedProgram(compiled.Plan!, kind, context);
        int result = program.Run(message, offset);
        Assert.Equal(ruling.IsDecided ? PlanProgram.Passed : PlanProgram.HandedOver, result);
        if (ruling.IsDecided)
            Assert.Equal(ruling.Rule, program.Rule);
    }

    private static MessageContext Socket(IPAddress remote, IPAddress local)
    {
        bool isIPv4 = remote.AddressFamily == AddressFamily.InterNetwork && local.AddressFamily == AddressFamily.InterNetwork;
        return new MessageContext(
            MessageDirection.Ingress,
            isIPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6,
            SocketKey.From(new IPEndPoint(remote, 40_000), new IPEndPoint(local, 443)));
    }

    // Few different bytes, so that addresses and prefixes meet.
    private static IPAddress Address(Random random)
    {
        byte[] bytes = new byte[random.Next(2) == 0 ? 4 : 16];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(random.Next(3) == 0 ? random.Next(2) : 127);
        return new IPAddress(bytes);
    }

    private static IPNetwork Network(Random random)
    {
        byte[] bytes = Address(random).GetAddressBytes();
        int length = random.Next((8 * bytes.Length) + 1);
        for (int bit = length; bit < 8 * bytes.Length; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new IPNetwork(new IPAddress(bytes), length);
    }

    private static ulong Number(Random random) => (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
}
