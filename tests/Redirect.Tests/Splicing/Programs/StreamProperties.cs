using CsCheck;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Splicing.Programs;
using Sluice.Redirect.Verdicts;
using Sluice.SockMapConformance.Model;

namespace Sluice.Redirect.Tests.Splicing.Programs;

/// <summary>
/// Random streams, cut at random places, through random programs and real sockets: each byte arrives where the reference model
/// says, once and in order, and nothing is left.
/// </summary>
public sealed class StreamProperties
{
    private const int Streams = 200;
    private const int CorkBytes = 64;
    private const int MessageBytes = 32;

    private static readonly Gen<Scenario> Scenarios = Gen.Select(
        Gen.Byte.Array[0, 3000], Gen.Int, Gen.Int[1, 700].Array[1, 20], Gen.Int[0, 2].Select(i => new[] { 1, 100, 256 * 1024 }[i]), Gen.Bool,
        (stream, seed, cuts, queueBytes, hasBudget) => new Scenario(stream, seed, cuts, queueBytes, hasBudget));

    [Fact]
    public Task Sk_skb_behind_a_parser() => Scenarios.SampleAsync(
        scenario =>
        {
            // Messages do not depend on the cut, so the program may do whatever it likes with each.
            var parser = new ReferenceParser(seen => LengthOf(seen), MessageBytes);
            parser.Offer(scenario.Stream);
            parser.End();
            ReferenceModel model = Model(parser.Messages, seen => Whim(seen, scenario.Seed));
            return RunAsync(scenario, model, t => t[Topology.P1].Arrived, t => t.Attach(
                Topology.P1, AttachType.SkSkbStreamVerdict, m => Apply(t, m, Whim(m.Data, scenario.Seed)), m => LengthOf(m.Data)));
        },
        iter: Streams);

    [Fact]
    public Task Sk_skb_without_a_parser() => Scenarios.SampleAsync(
        scenario =>
        {
            ReferenceModel model = Model([scenario.Stream], seen => Considered(seen, scenario.Seed));
            return RunAsync(scenario, model, t => t[Topology.P1].Arrived, t => t.Attach(
                Topology.P1, AttachType.SkSkbVerdict, m => Apply(t, m, Considered(m.Data, scenario.Seed))));
        },
        iter: Streams);

    [Fact]
    public Task Sk_msg() => Scenarios.SampleAsync(
        scenario =>
        {
            ReferenceModel model = Model(Pieces(scenario), seen => Whim(seen, scenario.Seed));
            return RunAsync(scenario, model, t => t[Topology.C1].Sent, t => t.Attach(
                Topology.C1, AttachType.SkMsgVerdict, m => Apply(t, m, Whim(m.Data, scenario.Seed))));
        },
        iter: Streams);

    [Fact]
    public Task Sk_skb_and_then_sk_msg_of_a_pair() => Scenarios.SampleAsync(
        scenario =>
        {
            // p1 judges what arrives, what passes goes out of c2, and there it is judged again.
            ReferenceModel first = Model([scenario.Stream], seen => OnlyPassOrDrop(Considered(seen, scenario.Seed)));
            ReferenceModel second = Model([Passed(first)], seen => OnlyPassOrDrop(Considered(seen, scenario.Seed + 1)));
            return Topology.RunAsync(
                async t =>
                {
                    t.Attach(Topology.P1, AttachType.SkSkbVerdict, m => Apply(t, m, OnlyPassOrDrop(Considered(m.Data, scenario.Seed))));
                    t.Attach(Topology.C2, AttachType.SkMsgVerdict, m => Apply(t, m, OnlyPassOrDrop(Considered(m.Data, scenario.Seed + 1))));
                    t[Topology.P1].Forward = t[Topology.C2];
                    t[Topology.C2].Forward = t[Topology.P1];
                    t.Start();
                    Task sending = SendAsync(t, scenario);
                    await t[Topology.P2].AssertEndsAsync(Passed(second), 0);
                    await sending;
                    Assert.Equal(CountsOf(second), CountsOf(t[Topology.C2].Sent));
                    Assert.Equal(0, t[Topology.P1].Reactor.HeldBytes);
                },
                scenario.Options,
                scenario.BufferMemory);
        },
        iter: Streams);

    private static Task RunAsync(
        Scenario scenario, ReferenceModel model, Func<Topology, PsockCounters> counters, Action<Topology> attach) => Topology.RunAsync(
        async t =>
        {
            attach(t);
            t.Start();
            Task passed = t[Topology.P1].AssertEndsAsync(Of(1), 0);
            Task sentOn = t[Topology.P2].AssertEndsAsync(Of(2), 0);
            Task queued = t[Topology.C2].AssertEndsAsync(Of(3), 0);
            await SendAsync(t, scenario);
            await passed;
            t[Topology.C2].ShutdownSend();
            t[Topology.P2].ShutdownSend();
            await sentOn;
            await queued;
            Assert.Equal(CountsOf(model), CountsOf(counters(t)));
            Assert.Empty(t.EndedOnes);
            Assert.Equal(0, t[Topology.P1].Reactor.HeldBytes);

            byte[] Of(int key) => [.. model.Out.Where(o => o.Key == key).Select(o => o.Byte)];
        },
        scenario.Options,
        scenario.BufferMemory);

    private static async Task SendAsync(Topology t, Scenario scenario)
    {
        foreach (byte[] piece in Pieces(scenario))
        {
            int sent = await t[Topology.C1].SendAsync(piece);
            Assert.True(sent is >= 0 or -(int)Errno.EACCES, $"A send came back with {sent}");
        }

        t[Topology.C1].ShutdownSend();
    }

    private static IEnumerable<byte[]> Pieces(Scenario scenario) => Tests.Verdicts.Cutting.Cut(scenario.Stream, scenario.Cuts);

    private static byte[] Passed(ReferenceModel model) => [.. model.Out.Where(o => o.Key == 1).Select(o => o.Byte)];

    private static (long Dropped, long Passed, long Redirected) CountsOf(ReferenceModel model) =>
        (model.Out.Count(o => o.Key == 0), model.Out.Count(o => o.Key == 1), model.Out.Count(o => o.Key > 1));

    private static (long Dropped, long Passed, long Redirected) CountsOf(PsockCounters counters) =>
        (counters.Dropped, counters.Passed, counters.Redirected);

    private static ReferenceModel Model(IEnumerable<byte[]> messages, RulingOf rule)
    {
        var model = new ReferenceModel((seen, _) => rule(seen.Span), CorkBytes);
        foreach (byte[] message in messages)
            model.Offer(message);
        model.End();
        Assert.False(model.HasFaulted);
        return model;
    }

    private static Verdict Apply(Topology t, Message message, Ruling ruling)
    {
        message.ApplyBytes(ruling.Apply);
        message.CorkBytes(ruling.Cork);
        message.PushData(ruling.PushAt, ruling.Push);
        message.PopData(ruling.PopAt, ruling.Pop);
        return ruling.Key switch
        {
            0 => Verdict.Drop,
            1 => Verdict.Pass,
            _ => message.Redirect(t.Map, Topology.C2, ruling.Key == 2 ? RedirectFlags.Egress : RedirectFlags.Ingress),
        };
    }

    private static int LengthOf(ReadOnlySpan<byte> seen) => 1 + (seen[0] % (MessageBytes - 1));

    // Anything, but no insertion without an end.
    private static Ruling Whim(ReadOnlySpan<byte> seen, int seed)
    {
        var random = new Random(Hash(seen, seed));
        int push = random.Next(2) == 0 ? 0 : random.Next(1, 5);
        return new Ruling(
            random.Next(4),
            push > 0 || random.Next(3) == 0 ? 0 : random.Next(1, 90),
            Cork: push > 0 || random.Next(2) == 0 ? 0 : random.Next(1, CorkBytes + 10),
            PushAt: random.Next(6), Push: push, PopAt: random.Next(6), Pop: random.Next(4));
    }

    // Waits for as many bytes as the first one says, and looks at those only.
    private static Ruling Considered(ReadOnlySpan<byte> seen, int seed)
    {
        int needed = 1 + (seen[0] % 9);
        // At the end of the stream the cork has no effect, and what follows counts.
        int most = Math.Min(needed, seen.Length);
        var random = new Random(Hash(seen[..most], seed));
        int push = random.Next(4);
        int pop = random.Next(most);
        return seen.Length < needed
            ? new Ruling(random.Next(4), 0, Cork: needed)
            : new Ruling(
                random.Next(4), push + 1 + random.Next(40),
                PushAt: random.Next(most + 1), Push: push, PopAt: random.Next(most + push - pop), Pop: pop);
    }

    private static Ruling OnlyPassOrDrop(Ruling ruling) => ruling with { Key = Math.Min(ruling.Key, 1) };

    private static int Hash(ReadOnlySpan<byte> bytes, int seed)
    {
        foreach (byte b in bytes)
            seed = unchecked((seed * 31) + b + 1);
        return seed;
    }

    private delegate Ruling RulingOf(ReadOnlySpan<byte> seen);

    private sealed record Scenario(byte[] Stream, int Seed, int[] Cuts, int QueueBytes, bool HasBudget)
    {
        public long BufferMemory => HasBudget ? 64 << 20 : 0;

        public PsockOptions Options => new() { QueueBytes = QueueBytes, CorkBytes = CorkBytes, MessageBytes = MessageBytes };
    }
}
