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
                if (DecisionChecks.Message(plan, program, kind, context, stream[..length], isWhole))
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
                else if (DecisionChecks.Message(plan, program, kind, context, bytes, isWhole))
                {
                    Interlocked.Increment(ref decided);
                }
            }
        }, iter: Programs);
        Assert.True(decided > Programs / 100, $"{decided} decided");
    }
}
