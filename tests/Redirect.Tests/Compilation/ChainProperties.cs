using System.Buffers;
using CsCheck;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Tests.Verdicts;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Compilation;

/// <summary>Parser machine, verdict machine and back end together.</summary>
public sealed class ChainProperties
{
    private const int Programs = 4000;

    private static readonly Gen<int[]> Cuts = Gen.Int[1, 30].Array[1, 20];

    [Fact]
    public void A_stream_comes_out_as_the_rules_say_however_it_is_cut() => Gen.Select(Gen.Int, Cuts).Sample((seed, cuts) =>
    {
        var random = new RandomRules(seed);
        RuleSet rules = random.IndependentOfCuts();
        MessageContext context = random.Context();
        byte[] stream = random.Stream(200);
        NaiveChain expected = new NaiveChain(rules, context).Run(stream);
        foreach (int[] sizes in new[] { cuts, [1], [stream.Length + 1] })
        {
            Outcome outcome = Run(rules, context, stream, sizes);
            Assert.Equal(expected.Decisions, outcome.Decisions.Where(rule => rule == rules.Rules.Length || !rules.Rules[rule].IsShadow));
            Assert.Equal(expected.Out, outcome.Out);
            Assert.Equal(expected.Error, outcome.Error);
        }
    }, iter: Programs);

    [Fact]
    public void Shadows_of_framed_messages_are_heard_once_for_each() => Gen.Select(Gen.Int, Cuts).Sample((seed, cuts) =>
    {
        var random = new RandomRules(seed);
        RuleSet rules = random.Any();
        rules = rules with { Framing = random.Framing() };
        MessageContext context = random.Context() with { Observer = new Heard() };
        byte[] stream = random.Stream(200);
        Assert.Equal(new NaiveChain(rules, context).Run(stream).Decisions, Run(rules, context, stream, cuts).Decisions);
    }, iter: Programs);

    [Fact]
    public void Any_bytes_go_through_any_program() => Gen.Select(Gen.Int, Cuts, Gen.Byte.Array[0, 300]).Sample((seed, cuts, stream) =>
    {
        var random = new RandomRules(seed);
        RuleSet rules = random.Any();
        MessageContext context = random.Context();
        Assert.InRange(Run(rules, context, stream, cuts).Error, Errno.None, Errno.EMSGSIZE);
        Run(rules, context, [22, 3, 1, .. stream], cuts);
        Run(rules, context, random.Stream(300), cuts);
    }, iter: Programs);

    private static Outcome Run(RuleSet rules, MessageContext context, byte[] stream, int[] cuts)
    {
        var heard = new Heard();
        context = context with { Observer = heard, Clusters = new Clusters() };
        var parser = rules.Framing is null ? null : new ParserMachine(new FramingParser(rules.Framing, rules.MaxMessage), context, rules.MaxMessage, ArrayPool<byte>.Shared);
        var machine = new VerdictMachine(new ManagedBackend(VerdictPlan.Compile(rules), Clusters.IndexOf), context, rules.MaxMessage, ArrayPool<byte>.Shared);
        List<(byte, string)> bytes = [];
        foreach (byte[] piece in Cutting.Cut(stream, cuts))
        {
            if (parser is null)
                machine.Offer(piece);
            else
                parser.Offer(piece);
            Drain();
            Assert.InRange(machine.Corked, 0, rules.MaxMessage - 1);
        }

        parser?.End();
        Drain();
        machine.End();
        Judged();
        return new Outcome(heard.Rules, bytes, parser?.Error ?? Errno.None);

        void Drain()
        {
            while (parser is not null && parser.Next(out ReadOnlyMemory<byte> message))
            {
                machine.Offer(message);
                Judged();
            }

            if (parser is null)
                Judged();
        }

        void Judged()
        {
            while (machine.Next(out Segment segment))
            {
                string where = Where(segment.Decision);
                foreach (byte b in where == "Drop" ? [] : segment.Bytes.Span)
                    bytes.Add((b, where));
            }
        }
    }

    private static string Where(Decision decision) => decision switch
    {
        { RedirectFailed: true } => "failed",
        { Kind: DecisionKind.Redirect, Flags: RedirectFlags.Ingress } => "there, ingress",
        { Kind: DecisionKind.Redirect } => "there",
        _ => decision.Kind.ToString(),
    };

    private sealed record Outcome(List<int> Decisions, List<(byte, string)> Out, Errno Error);
}
