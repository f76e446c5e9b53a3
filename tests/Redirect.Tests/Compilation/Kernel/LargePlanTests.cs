using System.Net;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Compilation.Kernel;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Tests.Linux;

namespace Sluice.Redirect.Tests.Compilation.Kernel;

/// <summary>Plans at the limits: the compiler refuses what is beyond them, and the verifier takes what is not.</summary>
public sealed class LargePlanTests : KernelTest
{
    private const int Seeds = 8;

    // A sixteenth of what the verifier is ready for, which leaves the rest to the program around the plan and to older kernels.
    private const uint MostVerified = 4 * BpfBackend.MostInstructions;

    [Theory]
    [InlineData(BpfProgramKind.SkSkb)]
    [InlineData(BpfProgramKind.SkMsg)]
    public void As_many_rules_as_the_compiler_takes_the_verifier_takes(BpfProgramKind kind)
    {
        uint most = 0;
        for (int seed = 0; seed < Seeds; seed++)
            most = Math.Max(most, VerifierProperties.Load(Largest(new Random(seed), kind), kind));
        Assert.InRange(most, (uint)BpfBackend.MostInstructions / 2, MostVerified);
    }

    private static BpfPlan Largest(Random random, BpfProgramKind kind)
    {
        Rule[] rules = [Rule(random, 0)];
        BpfPlan largest = Compile(rules, kind).Plan!;
        for (int step = 8; step > 0;)
        {
            Rule[] more = [.. rules, .. Enumerable.Range(0, step).Select(i => Rule(random, rules.Length + i))];
            BpfCompilation compiled = Compile(more, kind);
            if (compiled.Plan is { } plan)
            {
                (rules, largest) = (more, plan);
                continue;
            }

            Assert.Contains("instructions, more than 16384", Assert.Single(compiled.Refusals, IsOfProgram).Reason, StringComparison.Ordinal);
            step /= 2;
        }

        return largest;
    }

    private static bool IsOfProgram(OffloadRefusal refusal) => refusal.Scope == OffloadScope.Program;

    private static BpfCompilation Compile(Rule[] rules, BpfProgramKind kind) =>
        BpfBackend.Compile(VerdictPlan.Compile(new RuleSet("large", [.. rules], new RuleAction(RuleVerdict.Pass))), kind, Direction.FromClient);

    private static Rule Rule(Random random, int index) =>
        new($"r{index}", Condition(random, 3), new RuleAction(random.Next(3) == 0 ? RuleVerdict.Drop : RuleVerdict.Pass) { ApplyBytes = random.Next(2) * random.Next(1000) });

    private static Predicate Condition(Random random, int depth) => random.Next(depth > 0 ? 8 : 4) switch
    {
        0 => new BytesTest(random.Next(100), 0, random.Next(2) == 0, [.. Enumerable.Range(0, 1 + random.Next(5)).Select(_ => Value(random))]),
        1 => new BytesAsNumberTest(random.Next(100), 1 << random.Next(4), random.Next(2) == 0, ulong.MaxValue, Numbers(random)),
        2 => new NumberTest(random.Next(2) == 0 ? Field.RemotePort : Field.StreamOffset, Numbers(random)),
        3 => new AddressTest(Field.RemoteAddress, new PrefixSet([.. Enumerable.Range(0, 1 + random.Next(20)).Select(_ => new IPNetwork(new IPAddress([10, (byte)random.Next(256), 0, 0]), 16))])),
        4 or 5 => new AllOf([.. Enumerable.Range(0, 2 + random.Next(4)).Select(_ => Condition(random, depth - 1))]),
        6 => new AnyOf([.. Enumerable.Range(0, 2 + random.Next(4)).Select(_ => Condition(random, depth - 1))]),
        _ => new Not(Condition(random, depth - 1)),
    };

    private static System.Collections.Immutable.ImmutableArray<byte> Value(Random random)
    {
        byte[] value = new byte[1 + random.Next(100)];
        random.NextBytes(value);
        return [.. value];
    }

    private static NumberSet Numbers(Random random) => new(Enumerable.Range(0, 1 + random.Next(20)).Select(_ =>
    {
        ulong first = (ulong)random.NextInt64(1L << 40);
        return new NumberRange(first, first + (ulong)random.Next(1000));
    }));
}
