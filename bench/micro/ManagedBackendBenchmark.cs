using System.Buffers;
using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Verdicts;

namespace Sluice.Micro;

/// <summary>What judging a message of 512 bytes costs when the last of so many rules is the one that matches.</summary>
[MemoryDiagnoser]
public class ManagedBackendBenchmark
{
    private const int MostHeld = 64 * 1024;
    // Where the names differ.
    private const int NumberAt = 5;
    private readonly byte[] _message = new byte[512];
    private VerdictMachine _machine = null!;

    [Params(1, 20, 1000)]
    public int Rules { get; set; }

    /// <summary>What each rule tests: a prefix, a prefix in any case, a number, or a number and a port.</summary>
    [Params("prefix", "any case", "number", "two tests")]
    public string Test { get; set; } = "prefix";

    [GlobalSetup]
    public void Compile()
    {
        Encoding.ASCII.GetBytes(Name(Rules - 1)).CopyTo(_message, 0);
        var rules = new RuleSet("bench", [.. Enumerable.Range(0, Rules).Select(i => new Rule($"r{i}", Condition(i), new RuleAction(RuleVerdict.Pass)))], new RuleAction(RuleVerdict.Reset));
        var context = new MessageContext(MessageDirection.Ingress, System.Net.Sockets.AddressFamily.InterNetwork);
        _machine = new VerdictMachine(new ManagedBackend(VerdictPlan.Compile(rules), _ => 0), context, MostHeld, ArrayPool<byte>.Shared);
    }

    [Benchmark]
    public int Judge()
    {
        int judged = 0;
        _machine.Offer(_message);
        while (_machine.Next(out Segment segment))
            judged += segment.Decision.Kind == DecisionKind.Pass ? segment.Bytes.Length : 0;
        return judged;
    }

    private Predicate Condition(int rule)
    {
        byte[] name = Encoding.ASCII.GetBytes(Name(rule));
        ulong number = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(name.AsSpan(NumberAt));
        var value = new BytesAsNumberTest(NumberAt, 8, false, ulong.MaxValue, new NumberSet([new(number, number)]));
        return Test switch
        {
            "number" => value,
            "two tests" => new AllOf([new NumberTest(Field.LocalPort, new NumberSet([new(0, 1000)])), value]),
            _ => new BytesTest(0, 0, Test == "any case", [[.. name]]),
        };
    }

    private static string Name(int rule) => string.Create(CultureInfo.InvariantCulture, $"SELECT {rule:d5} FROM");
}
