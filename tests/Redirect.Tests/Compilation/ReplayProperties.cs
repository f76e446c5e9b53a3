using System.Collections.Immutable;
using CsCheck;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Tests.Verdicts;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Compilation;

/// <summary>What a replay tells of random programs and streams.</summary>
public sealed class ReplayProperties
{
    private static readonly Gen<int[]> Cuts = Gen.Int[1, 30].Array[1, 20];

    [Fact]
    public void It_tells_what_a_naive_evaluator_finds() => Gen.Select(Gen.Int, Cuts).Sample((seed, cuts) =>
    {
        var random = new RandomRules(seed);
        RuleSet rules = Reachable(random.IndependentOfCuts());
        MessageContext context = random.Context();
        byte[] stream = random.Stream(200);
        NaiveChain expected = new NaiveChain(rules, context).Run(stream);
        ReplayStep[] steps = [.. Replay(rules, context, stream, cuts)];
        int until = expected.Decisions.FindIndex(rule => IsReset(rules, rule));
        Assert.Equal(expected.Decisions.Take(until < 0 ? int.MaxValue : until + 1), steps.OfType<RuleDecided>().Select(step => step.Rule));
        Assert.Equal(expected.Out.TakeWhile(one => one.Where != "Reset"), steps.OfType<BytesJudged>().SelectMany(Out));
        Errno error = until < 0 ? expected.Error : Errno.None;
        Assert.Equal(error, steps.OfType<ReplayEnded>().SingleOrDefault()?.Errno ?? Errno.None);
    }, iter: 4000);

    [Fact]
    public void Its_offsets_count_every_byte_that_came_once() => Gen.Select(Gen.Int, Cuts, Gen.Byte.Array[0, 200], Gen.Bool).Sample((seed, cuts, noise, isNoise) =>
    {
        var random = new RandomRules(seed);
        RuleSet rules = random.Any();
        MessageContext context = random.Context();
        byte[] stream = isNoise ? noise : random.Stream(200);
        long at = 0;
        foreach (ReplayStep step in Replay(rules, context, stream, cuts))
        {
            Assert.Equal(at, step.Offset);
            if (step is BytesJudged or ReplayEnded)
                at += step.Length;
            if (step is MessageFound { Bytes: var message })
                Assert.Equal(stream[(int)at..((int)at + step.Length)], message);
            if (step is BytesAwaited { NeededBytes: > 0 } awaited)
                Assert.InRange(awaited.NeededBytes, step.Length + 1, RandomRules.MaxMessage);
        }

        bool isCutShort = IsCutShort(rules, context, stream, cuts);
        Assert.True(isCutShort ? at <= stream.Length : at == stream.Length);
    }, iter: 4000);

    private static IEnumerable<ReplayStep> Replay(RuleSet rules, MessageContext context, byte[] stream, int[] cuts)
    {
        var replay = new ProgramReplay(new ManagedBackend(VerdictPlan.Compile(rules), Clusters.IndexOf), context);
        foreach (byte[] piece in Cutting.Cut(stream, cuts))
        {
            byte[] buffer = [.. piece];
            ImmutableArray<ReplayStep> steps = replay.Offer(buffer);
            buffer.AsSpan().Fill(0xEE);
            foreach (ReplayStep step in steps)
                yield return step;
        }

        foreach (ReplayStep step in replay.End())
            yield return step;
        Assert.True(replay.IsOver);
        Assert.Empty(replay.Offer(stream));
        Assert.Empty(replay.End());
    }

    // A replay reaches every cluster.
    private static RuleSet Reachable(RuleSet rules) => rules with
    {
        Rules = [.. rules.Rules.Select(rule => rule with { Action = Reachable(rule.Action) })],
        Otherwise = Reachable(rules.Otherwise),
    };

    private static RuleAction Reachable(RuleAction action) => action.Cluster is null ? action : action with { Cluster = "there" };

    private static bool IsCutShort(RuleSet rules, MessageContext context, byte[] stream, int[] cuts) =>
        Replay(rules, context, stream, cuts).Any(step => step is ReplayEnded);

    private static bool IsReset(RuleSet rules, int rule) =>
        (rule == rules.Rules.Length ? rules.Otherwise : rules.Rules[rule].Action).Verdict == RuleVerdict.Reset;

    private static IEnumerable<(byte, string)> Out(BytesJudged step) => step.Decision.Kind is DecisionKind.Drop or DecisionKind.Reset
        ? []
        : step.Bytes.Select(one => (one, step.Decision switch
        {
            { Kind: DecisionKind.Redirect, Flags: RedirectFlags.Ingress } => "there, ingress",
            { Kind: DecisionKind.Redirect } => "there",
            _ => "Pass",
        }));
}
