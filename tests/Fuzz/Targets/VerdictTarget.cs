using Sluice.Redirect.Compilation;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Tests.Compilation;
using Sluice.Redirect.Verdicts;

namespace Sluice.Fuzz.Targets;

/// <summary>Whatever the program and the stream, every prefix is decided as the rules say by the slow and plain reading of them.</summary>
internal static class VerdictTarget
{
    private const int MostStream = 70;

    public static FuzzTarget Value { get; } = new("verdict", new Corpus("tests/Fuzz/corpus/verdict", "hex"), Run) { MostBytes = 600 };

    private static void Run(byte[] input)
    {
        var random = new RandomRules(new BytesAsChance(input));
        RuleSet rules = random.Any();
        MessageContext context = random.Context();
        byte[] stream = random.Stream(MostStream);
        var plan = VerdictPlan.Compile(rules);
        var naive = new Naive(rules, context);
        for (int length = 0; length <= stream.Length; length++)
        {
            PlanChecks.Prefix(plan, naive, context, stream, length, isFinal: false);
            PlanChecks.Prefix(plan, naive, context, stream, length, isFinal: true);
        }
    }
}
