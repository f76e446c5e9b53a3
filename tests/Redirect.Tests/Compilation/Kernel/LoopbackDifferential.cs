using System.Net;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Compilation.Kernel;
using Sluice.Redirect.Tests.Linux;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Compilation.Kernel;

/// <summary>
/// The same random programs in the kernel and in the managed engine, over the same messages of real connections: the same
/// bytes come out and the same rules are counted, up to where the kernel hands over, and from there on nothing is missing.
/// </summary>
public sealed class LoopbackDifferential : KernelTest
{
    private const int Programs = 1200;

    [Theory(Timeout = 300_000)]
    [InlineData(BpfProgramKind.SkSkb)]
    [InlineData(BpfProgramKind.SkMsg)]
    public void The_kernel_does_what_the_managed_engine_does(BpfProgramKind kind)
    {
        long judged = 0;
        long sent = 0;
        int first = Seeds.First();
        for (int seed = first, compared = 0; compared < Programs; seed++)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (Compare(seed, kind) is not { } bytes)
                    continue;

                (judged, sent, compared) = (judged + bytes.Judged, sent + bytes.Sent, compared + 1);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                throw new InvalidOperationException($"{kind}, seed {seed}: set {Seeds.Variable}={seed} to begin with it", failure);
            }
        }

        TestContext.Current.SendDiagnosticMessage($"{kind}, seeds from {first} on: {judged} of {sent} bytes were judged in the kernel");
        Assert.InRange(judged, sent / 4, sent - (sent / 20));
    }

    private static (long Judged, long Sent)? Compare(int seed, BpfProgramKind kind)
    {
        var random = new Random(seed);
        (IPAddress listen, IPAddress client) = random.Next(3) switch
        {
            0 => (IPAddress.Loopback, IPAddress.Loopback),
            1 => (IPAddress.IPv6Any, IPAddress.Loopback),
            _ => (IPAddress.IPv6Any, IPAddress.IPv6Loopback),
        };
        LoopbackSockets sockets = LoopbackSockets.Connect(listen, client);
        MessageContext context = LoopbackSockets.ContextOf(kind == BpfProgramKind.SkSkb ? sockets.Accepted : sockets.Client, (Direction)random.Next(2));
        var plan = VerdictPlan.Compile(new LoopbackRules(random.Next(), context, kind).Next());
        BpfCompilation compiled = BpfBackend.Compile(plan, kind, context.Side);
        if (compiled.Plan is null)
        {
            sockets.Dispose();
            return null;
        }

        byte[][] chunks = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => new RandomRules(random.Next()).Stream(40)).Where(chunk => chunk.Length > 0)];
        using var run = new LoopbackRun(compiled.Plan, kind, sockets);
        foreach (byte[] chunk in chunks)
            run.Send(chunk);

        byte[] stream = [.. chunks.SelectMany(chunk => chunk)];
        // An skb may hold what was sent twice; a message of sk_msg is what one call sends.
        byte[][] messages = kind == BpfProgramKind.SkSkb ? run.MessagesOf(stream) : chunks;
        var judged = new ManagedRun(plan, context);
        byte[][] rest = judged.Run(messages, run.Judged, out StandingVerdict place);
        Assert.Equal(judged.Counts, run.Counts());
        Assert.Equal(place, run.Place);
        string passed = string.Concat(judged.Segments.Where(segment => segment.Kind == DecisionKind.Pass).Select(segment => segment.Bytes));
        Assert.All(judged.Segments, segment => Assert.True(segment.Kind is DecisionKind.Pass or DecisionKind.Drop));
        Assert.Equal(passed, Convert.ToHexString(run.Passed(passed.Length / 2)));
        Assert.Equal(stream[run.Judged..], run.HandedOver());
        if (!run.HasHandedOver)
            return (run.Judged, stream.Length);

        CheckRest(plan, context, messages, rest, judged, run.Place);
        bool decidesAll = compiled.Refusals.All(refusal => refusal.Field is null);
        var next = new ManagedRun(plan, context);
        next.Continue(place);
        Assert.True(!decidesAll || next.IsBeyondKernel(rest[0], kind), "The kernel handed over what it can judge");
        return (run.Judged, stream.Length);
    }

    // The managed engine goes on where the kernel has left: together they do what one of them does.
    private static void CheckRest(VerdictPlan plan, MessageContext context, byte[][] messages, byte[][] rest, ManagedRun judged, StandingVerdict place)
    {
        var all = new ManagedRun(plan, context);
        all.RunToEnd(messages);
        var second = new ManagedRun(plan, context);
        second.Continue(place);
        second.RunToEnd(rest);
        Assert.Equal(all.Segments, judged.Segments.Concat(second.Segments));
        Assert.Equal(all.Counts, judged.Counts.Zip(second.Counts, (first, then) => first + then));
    }
}
