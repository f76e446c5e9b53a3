using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Cli.Explain;

/// <summary>The conditions of rules and routes.</summary>
internal static class ConditionWords
{
    /// <summary>A line for each condition that must hold; none where there is none.</summary>
    public static void Print(Page page, Predicate condition)
    {
        string word = "when";
        foreach (Predicate part in condition is AllOf all ? all.Parts : [condition])
        {
            page.Line($"{word} {RuleText.Of(part)}");
            word = " and";
        }
    }

    /// <summary>The single tests in a condition.</summary>
    public static IEnumerable<Predicate> Tests(Predicate condition) => condition switch
    {
        AllOf all => all.Parts.SelectMany(Tests),
        AnyOf any => any.Parts.SelectMany(Tests),
        Not not => Tests(not.Part),
        _ => [condition],
    };

    /// <summary>Whether a condition may have to wait for bytes.</summary>
    public static bool ReadsBytes(Predicate condition) => Tests(condition).Any(test => FieldTable.Row(FieldOf(test)).ReadsBytes);

    /// <summary>What a single test looks at.</summary>
    public static Field FieldOf(Predicate test) => test switch
    {
        NumberTest one => one.Field,
        AddressTest one => one.Field,
        NameTest one => one.Field,
        BytesAsNumberTest => Field.Number,
        _ => Field.Bytes,
    };
}
