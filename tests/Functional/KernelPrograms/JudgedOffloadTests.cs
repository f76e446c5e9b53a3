using System.Collections.Immutable;
using System.Net.Sockets;
using Sluice.Functional.Proxy;
using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Splicing.Kernel;
using Sluice.Redirect.Verdicts;

namespace Sluice.Functional;

/// <summary>What rules decide, whichever engine they run in, and that the kernel does when it can.</summary>
public sealed class JudgedOffloadTests
{
    private const int Message = 100;

    private static readonly ImmutableArray<Rule> Rules =
    [
        new("dropped", First('d'), new RuleAction(RuleVerdict.Drop)),
        new("dropped_long", First('D'), new RuleAction(RuleVerdict.Drop) { ApplyBytes = 3 * Message }),
        new("passed_long", First('P'), new RuleAction(RuleVerdict.Pass) { ApplyBytes = 2 * Message }),
        new("reset", First('r'), new RuleAction(RuleVerdict.Reset)),
    ];

    private static readonly VerdictPlan Plan = VerdictPlan.Compile(new RuleSet("judged", Rules, new RuleAction(RuleVerdict.Pass)));

    [Fact(Timeout = 60_000)]
    public async Task EveryMessageIsJudgedOnceByOneEngine()
    {
        KernelEngine? engine = null;
        var managed = new Counts();
        SpliceMaps maps = TransportUnderTest.CreateMaps(Plan, null);
        await using Link link = await Link.OpenAsync(
            transport: () => KernelUnderTest.CreateTransport(new OffloadOptions { ReadsBefore = 2 }, out engine),
            maps: maps, observer: managed);
        long[] expected = new long[Rules.Length + 1];
        (int window, bool drops, int sent) = (0, false, 0);
        foreach (char kind in string.Concat(Enumerable.Repeat("ppdpDddpPdpop", 20)))
        {
            byte[] message = [(byte)kind, .. Content(++sent)];
            await link.Client.SendAllAsync(message);
            bool isJudged = window == 0;
            if (isJudged)
            {
                int rule = "dDP".IndexOf(kind, StringComparison.Ordinal);
                expected[rule < 0 ? Rules.Length : rule]++;
                (window, drops) = kind switch { 'd' => (0, true), 'D' => (2 * Message, true), 'P' => (Message, false), _ => (0, false) };
            }
            else
            {
                window -= Message;
            }

            if (!drops)
                Assert.Equal(message, await link.Server.ReceiveExactlyAsync(Message).OrHung($"message {sent}, {kind}"));
            // Two messages that the proxy receives at once are one for its rules, so each is waited for.
            await Deadline.UntilAsync(() => Sum(expected) == Sum(Counted(engine!, maps, managed)), () => $"message {sent}, {kind}, to be judged");
        }

        Assert.Equal(expected, Counted(engine!, maps, managed));
        Assert.All(new[] { 0, 1, 2, Rules.Length }, rule => Assert.NotEqual(0, engine!.CountOf(maps, Direction.FromClient, rule)));

        await link.Client.SendAllAsync("reset it"u8.ToArray());
        Assert.Equal(Ending.Rst, (await link.Server.ReceiveToEndAsync()).Ending);
        Assert.Equal(EndReason.RuleReset, (await link.ResultAsync()).Reason);
        Assert.NotEqual(0, link.Proxy.Meter.Read(Direction.FromClient, DataPath.Sockmap));
    }

    /// <summary>A send may fail though the connection goes on: no end comes then that could be waited for.</summary>
    [Fact(Timeout = 60_000)]
    public async Task AConnectionThatCannotBeSentToIsResetThoughItGoesOn()
    {
        KernelUnderTest.SkipWhereMissing();
        await using Link link = await Link.OpenAsync(
            transport: () => KernelUnderTest.CreateTransport(new OffloadOptions(), out _), maps: TransportUnderTest.CreateMaps(Plan, null));
        byte[] message = "passed"u8.ToArray();
        await link.Client.SendAllAsync(message);
        Assert.Equal(message, await link.Server.ReceiveExactlyAsync(message.Length));
        ((ReactorConnection)link.Pair.Upstream).Socket.EnterSockMap(null!, fd =>
        {
            using var socket = new Socket(new SafeSocketHandle(fd, ownsHandle: false));
            socket.Shutdown(SocketShutdown.Send); // behind the proxy's back
            return Errno.EINVAL; // and so it is in no map
        });
        await link.Client.SendAllAsync(message);
        await link.Client.AssertEndsAsync(default, Ending.Rst).OrHung("the client to hear of it");
        SpliceResult result = await link.ResultAsync();
        Assert.Equal((EndReason.UpstreamReset, Errno.EPIPE), (result.Reason, result.Errno));
    }

    /// <summary>A program that waits for more does not keep what came before an RST.</summary>
    [Fact(Timeout = 60_000)]
    public async Task CorkedBytesArriveBeforeTheReset()
    {
        VerdictPlan corks = VerdictPlan.Compile(new RuleSet("corks", [], new RuleAction(RuleVerdict.Pass) { CorkBytes = 7 * Message }));
        await using Link link = await Link.OpenAsync(maps: TransportUnderTest.CreateMaps(corks, null));
        byte[] content = Content(1);
        await link.Client.SendAllAsync(content);
        link.Client.Reset();
        await link.Server.AssertEndsAsync(content, Ending.Rst);
        Assert.Equal(EndReason.ClientReset, (await link.ResultAsync()).Reason);
    }

    private static BytesAsNumberTest First(char first) => TransportUnderTest.FirstByte(first, first);

    private static long Sum(long[] counts) => counts.Sum();

    private static long[] Counted(KernelEngine engine, SpliceMaps maps, Counts managed) =>
        [.. Enumerable.Range(0, Rules.Length + 1).Select(rule => managed.Of(rule) + engine.CountOf(maps, Direction.FromClient, rule))];

    private static byte[] Content(int seed)
    {
        byte[] bytes = new byte[Message - 1];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private sealed class Counts : IVerdictObserver
    {
        private readonly long[] _counts = new long[Rules.Length + 1];

        public long Of(int rule) => Interlocked.Read(ref _counts[rule]);

        public void OnRule(IVerdictProgram program, int rule) => Interlocked.Increment(ref _counts[rule]);
    }
}
