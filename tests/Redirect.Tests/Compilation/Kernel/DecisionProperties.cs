using System.Net.Sockets;
using CsCheck;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Compilation.Kernel;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Compilation.Kernel;

public sealed class DecisionProperties
{
    private const int Programs = 40000;

    [Theory]
    [InlineData(BpfProgramKind.SkSkb)]
    [InlineData(BpfProgramKind.SkMsg)]
    public void It_decides_as_the_managed_plan_or_hands_over(BpfProgramKind kind)
    {
        int decided = 0;
        int handedOver = 0;
        Gen.Int.Sample(seed =>
        {
            var random = new RandomRules(seed);
            RuleSet rules = random.Any() with { Framing = null };
            MessageContext context = random.Context();
            if (context.Family == AddressFamily.Unix)
                return;

            byte[] stream = random.Stream(70);
            var plan = VerdictPlan.Compile(rules);
            BpfCompilation compiled = BpfBackend.Compile(plan, kind, context.Side);
            if (compiled.Plan is null)
                return;

            bool isWhole = compiled.Refusals.All(refusal => refusal.Field is null);
            var program = new SimulatedProgram(compiled.Plan, kind, context);
            for (int length = 1; length <= stream.Length; length++)
            {
                if (Check(plan, program, kind, context, stream[..length], isWhole))
                    Interlocked.Increment(ref decided);
                else
                    Interlocked.Increment(ref handedOver);
            }
        }, iter: Programs);
        Assert.True(decided > handedOver / 4 && handedOver > decided / 4, $"{decided} decided, {handedOver} handed over");
    }

    [Theory]
    [InlineData(BpfProgramKind.SkSkb)]
    [InlineData(BpfProgramKind.SkMsg)]
    public void With_framing_it_decides_on_what_is_one_message_and_hands_all_else_over(BpfProgramKind kind)
    {
        int decided = 0;
        Gen.Int.Sample(seed =>
        {
            var random = new RandomRules(seed);
            RuleSet rules = random.Any() with { Framing = random.Framing() };
            MessageContext context = random.Context();
            var plan = VerdictPlan.Compile(rules);
            BpfCompilation compiled = BpfBackend.Compile(plan, kind, context.Side);
            Assert.True(rules.Framing is not Delimiter || compiled.Plan is null);
            if (compiled.Plan is null || context.Family == AddressFamily.Unix)
                return;

            byte[] stream = random.Stream(70);
            var parser = new FramingParser(rules.Framing, rules.MaxMessage);
            bool isWhole = compiled.Refusals.All(refusal => refusal.Field is null);
            var program = new SimulatedProgram(compiled.Plan, kind, context);
            for (int length = 1; length <= stream.Length; length++)
            {
                byte[] bytes = stream[..length];
                if (parser.LengthOf(bytes) != length)
                {
                    Assert.Equal(PlanProgram.HandedOver, program.Run(bytes, 3));
                    // Nor does a window change that: what is left would not begin as a message does.
                    program.Window = RuleAction.RestOfStream;
                    Assert.Equal(PlanProgram.HandedOver, program.Run(bytes, 3));
                    program.Window = 0;
                }
                else if (Check(plan, program, kind, context, bytes, isWhole))
                {
                    Interlocked.Increment(ref decided);
                }
            }
        }, iter: Programs);
        Assert.True(decided > Programs / 100, $"{decided} decided");
    }

    private static bool Check(VerdictPlan plan, SimulatedProgram program, BpfProgramKind kind, MessageContext context, byte[] message, bool isWhole)
    {
        var shadows = new Shadows();
        Ruling ruling = plan.Decide(new MessageView(message, context, 3, isFinal: false), ref shadows);
        RuleAction action = plan.ActionOf(ruling.Rule);
        ulong[] before = program.Counts();
        program.Window = 0;
        int result = program.Run(message, 3);
        if (result == PlanProgram.HandedOver)
        {
            bool mustHandOver = !ruling.IsDecided || IsRefused(action, kind)
                || ((kind == BpfProgramKind.SkSkb || plan.Rules.Framing is not null) && action.ApplyBytes > 0 && action.ApplyBytes < message.Length)
                || Edited(action, message).Length == 0;
            Assert.True(mustHandOver || !isWhole);
            Assert.Equal(before, program.Counts());
            Assert.Equal(message, program.Message);
            return false;
        }

        Assert.True(ruling.IsDecided);
        Assert.Equal(ruling.Rule, program.Rule);
        Assert.Equal(action.Verdict == RuleVerdict.Drop ? PlanProgram.Dropped : PlanProgram.Passed, result);
        foreach (int rule in shadows.Seen.Append(ruling.Rule))
            before[rule]++;
        Assert.Equal(before, program.Counts());

        int left = action.ApplyBytes is 0 or RuleAction.RestOfStream ? action.ApplyBytes : Math.Max(0, action.ApplyBytes - message.Length);
        if (kind == BpfProgramKind.SkMsg)
            CheckChanges(program, action, message);
        Assert.Equal((uint)left | (left > 0 && action.Verdict == RuleVerdict.Drop ? 1UL << 32 : 0UL), program.Window);
        return true;
    }

    private static void CheckChanges(SimulatedProgram program, RuleAction action, byte[] message)
    {
        int taken = Taken(action, message);
        byte[] edited = Edited(action, message);
        Assert.Equal(taken, program.Taken);
        Assert.Equal(Convert.ToHexString([.. edited, .. message[taken..]]), Convert.ToHexString(program.Message));
        Assert.Equal(taken < message.Length ? edited.Length : 0, program.Applied);
    }

    private static int Taken(RuleAction action, byte[] message) => action.ApplyBytes == 0 ? message.Length : Math.Min(action.ApplyBytes, message.Length);

    // What the decision is for, with bytes removed and then bytes inserted.
    private static byte[] Edited(RuleAction action, byte[] message)
    {
        List<byte> bytes = [.. message[..Taken(action, message)]];
        if (action.Pop is { } pop && pop.Offset < bytes.Count)
            bytes.RemoveRange(pop.Offset, Math.Min(pop.Count, bytes.Count - pop.Offset));
        if (action.Push is { } push)
            bytes.InsertRange(Math.Min(push.Offset, bytes.Count), push.Bytes);
        return [.. bytes];
    }

    private static bool IsRefused(RuleAction action, BpfProgramKind kind) => action.Verdict switch
    {
        RuleVerdict.Pass => kind == BpfProgramKind.SkSkb && (action.Push is not null || action.Pop is not null),
        RuleVerdict.Drop => kind == BpfProgramKind.SkMsg,
        _ => true,
    };

    private readonly struct Shadows() : IShadowSink
    {
        public List<int> Seen { get; } = [];

        public void OnShadow(int rule) => Seen.Add(rule);
    }
}
