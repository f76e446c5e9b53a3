using System.Collections.Immutable;
using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Tests.Configuration;

/// <summary>Everything that programs and conditions hold, as text to compare: their records compare lists by reference.</summary>
internal static class RuleShape
{
    public static string Of(RuleSet program) =>
        $"{program.Name} {Of(program.Framing)} {program.MaxMessage} {program.CorksAsNeeded} [{string.Join("; ", program.Rules.Select(Of))}] {Of(program.Otherwise)}";

    public static string Of(Framing? framing) => framing switch
    {
        Delimiter delimiter => $"delimiter {Hex(delimiter.Bytes)}",
        null => "unframed",
        _ => framing.ToString(),
    };

    public static string Of(Predicate condition) => condition switch
    {
        AllOf all => $"all({string.Join(", ", all.Parts.Select(Of))})",
        AnyOf any => $"any({string.Join(", ", any.Parts.Select(Of))})",
        Not not => $"not({Of(not.Part)})",
        NumberTest test => $"{test.Field} in {test.Values}",
        BytesAsNumberTest test => $"u{test.Width * 8}@{test.Offset}{(test.IsLittleEndian ? "le" : "be")}&{test.Mask:x} in {test.Values}",
        AddressTest test => $"{test.Field} in {test.Prefixes}",
        BytesTest test => $"bytes@{test.Offset}+{test.Within}{(test.IgnoresCase ? "i" : "")} {string.Join('|', test.Values.Select(Hex))}",
        NameTest test => $"{test.Field} in {string.Join('|', test.Patterns)}",
        _ => throw new NotSupportedException(condition.ToString()),
    };

    private static string Of(Rule rule) => $"{rule.Name} {(rule.IsShadow ? "shadow " : "")}{Of(rule.When)} -> {Of(rule.Action)}";

    private static string Of(RuleAction action) =>
        $"{action.Verdict} {action.Cluster} in={action.Ingress} apply={action.ApplyBytes} cork={action.CorkBytes} " +
        $"push={(action.Push is { } push ? $"{push.Offset}:{Hex(push.Bytes)}" : "")} pop={action.Pop}";

    private static string Hex(ImmutableArray<byte> bytes) => Convert.ToHexString(bytes.AsSpan());
}
