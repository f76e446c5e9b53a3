using System.Text;
using Sluice.ProxyHost.Configuration;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Tests.Compilation;
using Sluice.Redirect.Verdicts;

namespace Sluice.Fuzz.Targets;

/// <summary>A program as it is written: what the reader takes is compiled, decides as its rules say, and prints to itself.</summary>
internal static class RulesTarget
{
    private const string Around = """
        listeners: [{ name: l, listen: "127.0.0.1:1", cluster: c, programs: { from_client: p } }]
        clusters: [{ name: c, endpoints: ["127.0.0.1:2"] }, { name: d, endpoints: ["127.0.0.1:3"] }]
        programs:
          - name: p

        """;

    // Few, but every verb and a hello is among them.
    private static readonly byte[][] Streams =
    [
        [], "GET / HTTP/1.1\r\n\r\n"u8.ToArray(), "*1\r\n$8\r\nFLUSHALL\r\n"u8.ToArray(), [0, 0, 0, 4, 1, 2, 3, 4, 0xFF], Hello.Of("x.a.b", "h2"),
    ];

    public static FuzzTarget Value { get; } = new("rules", new Corpus("tests/Fuzz/corpus/rules", "yaml"), Run)
    {
        MostBytes = 4000,
        Words = YamlTarget.Value.Words,
    };

    private static void Run(byte[] input)
    {
        string text = Around + string.Concat(Encoding.UTF8.GetString(input).Split('\n').Select(line => $"    {line}\n"));
        ConfigReadResult read = ConfigReader.Read(text, "fuzz.yaml", _ => null);
        Check.Equal(read.Config is null, read.Errors.Length > 0, "errors without a configuration");
        if (read.Config is null)
            return;

        string printed = ConfigPrinter.Print(read.Config);
        Check.Equal(printed, ConfigPrinter.Print(ConfigReader.Read(printed, "again.yaml", _ => null).Config!), "what was printed");
        foreach (RuleSet rules in read.Config.Programs)
            Decide(rules);
    }

    private static void Decide(RuleSet rules)
    {
        var context = new MessageContext(MessageDirection.Ingress);
        var plan = VerdictPlan.Compile(rules);
        var naive = new Naive(rules, context);
        foreach (byte[] stream in Streams)
        {
            for (int length = 0; length <= stream.Length; length += 3)
            {
                // The plain reading is too slow for values that may begin at any of many places.
                if (rules.Rules.All(rule => !LooksFar(rule.When)))
                    PlanChecks.Prefix(plan, naive, context, stream, length, isFinal: false);
                else
                    plan.Decide(new MessageView(stream.AsSpan(0, length), context, 0, isFinal: false));
            }
        }
    }

    private static bool LooksFar(Predicate condition) => condition switch
    {
        AllOf all => all.Parts.Any(LooksFar),
        AnyOf any => any.Parts.Any(LooksFar),
        Not not => LooksFar(not.Part),
        _ => condition is BytesTest { Within: > 1000 },
    };
}
