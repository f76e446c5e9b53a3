using Sluice.Functional.Proxy;
using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Splicing.Kernel;
using Sluice.Redirect.Verdicts;

namespace Sluice.Functional;

/// <summary>Messages with a length, however they are cut and put together: in either engine each is judged once and whole.</summary>
public sealed class FramedOffloadTests
{
    private static readonly VerdictPlan Plan = VerdictPlan.Compile(new RuleSet(
        "framed",
        [new Rule("dropped", new BytesAsNumberTest(2, 1, false, ulong.MaxValue, new NumberSet([new NumberRange('d', 'd')])), new RuleAction(RuleVerdict.Drop))],
        new RuleAction(RuleVerdict.Pass))
    {
        Framing = new LengthPrefix(0, LengthFormat.U16, IsLittleEndian: false, Adjustment: 0, IncludesHeader: false),
    });

    [Fact(Timeout = 120_000)]
    public async Task Messages_go_from_engine_to_engine_at_their_ends()
    {
        const int Sends = 1500;
        int seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        KernelEngine? engine = null;
        var managed = new Counts();
        SpliceMaps maps = TransportUnderTest.CreateMaps(Plan, null);
        await using Link link = await Link.OpenAsync(
            transport: () => KernelUnderTest.CreateTransport(new OffloadOptions { ReadsBefore = 2 }, out engine), maps: maps, observer: managed);
        long[] expected = new long[2];
        List<byte> unsent = [];
        for (int send = 0; send < Sends; send++)
        {
            // Mostly one message at a time, else several, and some in two parts.
            List<byte> passed = [];
            unsent.Clear();
            for (int more = random.Next(60) == 0 ? random.Next(2, 5) : 1; more > 0; more--)
            {
                byte[] message = Message(random);
                unsent.AddRange(message);
                if (message[2] != 'd')
                    passed.AddRange(message);
                expected[message[2] == 'd' ? 0 : 1]++;
            }

            int first = random.Next(60) == 0 ? random.Next(1, unsent.Count) : unsent.Count;
            await link.Client.SendAllAsync(unsent[..first].ToArray());
            if (first < unsent.Count)
                await link.Client.SendAllAsync(unsent[first..].ToArray());
            if (passed.Count > 0)
                Assert.Equal(passed, await link.Server.ReceiveExactlyAsync(passed.Count).OrHung($"send {send}, seed {seed}"));
        }

        await Deadline.UntilAsync(() => Of(0) == expected[0] && Of(1) == expected[1], () => $"{expected[0]} and {expected[1]} to be judged, not {Of(0)} and {Of(1)}, seed {seed}");
        Assert.True(
            InKernel(0) > 0 && InKernel(1) > 0 && engine!.Counters.Demotions > 0,
            $"in the kernel {InKernel(0)} and {InKernel(1)}, {engine!.Counters.Demotions} times back, seed {seed}");
        TestContext.Current.SendDiagnosticMessage($"in the kernel {InKernel(0)} and {InKernel(1)}, {engine.Counters.Demotions} times back");

        // Part of a message at the end is a message.
        byte[] rest = [0, 9, (byte)'r', 1];
        await link.Client.SendAllAsync(rest);
        link.Client.SendFin();
        await link.Server.AssertEndsAsync(rest, Ending.Fin);

        long InKernel(int rule) => engine!.CountOf(maps, Direction.FromClient, rule);
        long Of(int rule) => InKernel(rule) + managed.Of(rule);
    }

    private static byte[] Message(Random random)
    {
        byte[] message = new byte[2 + random.Next(1, 300)];
        random.NextBytes(message);
        (message[0], message[1]) = ((byte)((message.Length - 2) >> 8), (byte)(message.Length - 2));
        message[2] = random.Next(4) == 0 ? (byte)'d' : (byte)'p';
        return message;
    }

    private sealed class Counts : IVerdictObserver
    {
        private readonly long[] _counts = new long[2];

        public long Of(int rule) => Interlocked.Read(ref _counts[rule]);

        public void OnRule(IVerdictProgram program, int rule) => Interlocked.Increment(ref _counts[rule]);
    }
}
