using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Compilation;

/// <summary>Goes through a condition's tests with the way to each, as YAML spells it.</summary>
internal static class ConditionPaths
{
    /// <summary>Every test of a rule's condition with its path.</summary>
    internal static IEnumerable<(Predicate Test, string Path)> TestsOf(Rule rule) => Walk(rule.When, "when", isMapping: true);

    // A mapping is a condition of all its keys; only one directly inside another had to be written as a list.
    private static IEnumerable<(Predicate, string)> Walk(Predicate condition, string path, bool isMapping) => condition switch
    {
        AllOf all => all.Parts.SelectMany((part, i) => Walk(part, isMapping ? path : $"{path}.all[{i}]", isMapping: !isMapping)),
        AnyOf any => any.Parts.SelectMany((part, i) => Walk(part, $"{path}.any[{i}]", isMapping: true)),
        Not not => Walk(not.Part, path + ".not", isMapping: true),
        _ => [(condition, $"{path}.{WordOf(condition)}")],
    };

    private static string WordOf(Predicate test) => test switch
    {
        BytesAsNumberTest number => $"u{8 * number.Width}",
        BytesTest { Within: > 0 } => "contains",
        BytesTest { Offset: > 0 } => "bytes",
        BytesTest => "starts_with",
        NumberTest number => FieldTable.Row(number.Field).Words[0],
        AddressTest address => FieldTable.Row(address.Field).Words[0],
        NameTest name => FieldTable.Row(name.Field).Words[0],
        _ => "",
    };
}
