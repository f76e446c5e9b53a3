using CsCheck;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Compilation;

public sealed class PlanProperties
{
    private const int Programs = 4000;

    [Fact]
    public void A_plan_decides_as_the_rules_say_and_asks_for_no_byte_too_many() => Gen.Int.Sample(seed =>
    {
        var random = new RandomRules(seed);
        RuleSet rules = random.Any();
        MessageContext context = random.Context();
        byte[] stream = random.Stream(70);
        var plan = VerdictPlan.Compile(rules);
        var naive = new Naive(rules, context);
        for (int length = 0; length <= stream.Length; length++)
        {
            PlanChecks.Prefix(plan, naive, context, stream, length, isFinal: false);
            PlanChecks.Prefix(plan, naive, context, stream, length, isFinal: true);
        }
    }, iter: Programs);

    // A decision that is taken early is the one that the whole stream leads to.
    [Fact]
    public void More_bytes_never_change_a_decision() => Gen.Int.Sample(seed =>
    {
        var random = new RandomRules(seed);
        RuleSet rules = random.IndependentOfCuts() with { Framing = null };
        if (rules.Rules.Any(rule => LooksAtLength(rule.When)))
            return;

        MessageContext context = random.Context();
        byte[] stream = random.Stream(70);
        var plan = VerdictPlan.Compile(rules with { CorksAsNeeded = true });
        int whole = plan.Decide(new MessageView(stream, context, 0, isFinal: true)).Rule;
        for (int length = 0; length <= stream.Length; length++)
        {
            Ruling ruling = plan.Decide(new MessageView(stream.AsSpan(0, length), context, 0, isFinal: false));
            Assert.True(!ruling.IsDecided || ruling.Rule == whole);
        }
    }, iter: Programs);

    [Fact]
    public void No_bytes_make_it_throw() => Gen.Select(Gen.Int, Gen.Byte.Array[0, 200], Gen.Bool).Sample((seed, bytes, isTls) =>
    {
        var random = new RandomRules(seed);
        RuleSet rules = random.Any();
        byte[] message = isTls ? [22, 3, 1, .. bytes] : bytes;
        var shadows = new SeenShadows();
        Ruling ruling = VerdictPlan.Compile(rules).Decide(new MessageView(message, random.Context(), long.MaxValue, isFinal: false), ref shadows);
        Assert.InRange(ruling.Rule, 0, rules.Rules.Length);
        Assert.True(ruling.IsDecided || (ruling.NeededBytes > message.Length && ruling.NeededBytes <= rules.MaxMessage));
    }, iter: Programs);

    private static bool LooksAtLength(Predicate condition) => condition switch
    {
        AllOf all => all.Parts.Any(LooksAtLength),
        AnyOf any => any.Parts.Any(LooksAtLength),
        Not not => LooksAtLength(not.Part),
        _ => condition is NumberTest { Field: Field.MessageLength },
    };
}
