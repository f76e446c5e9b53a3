using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>Something that a program asks for and the kernel does not do. A value, no failure: the managed engine does it.</summary>
/// <param name="Scope">How much of the program the managed engine keeps.</param>
/// <param name="Rule">The rule that asks for it; null where it is the program.</param>
/// <param name="Field">The field that a test of that rule looks at; null where it is no test.</param>
/// <param name="Reason">Why, as the end of a sentence for people.</param>
public sealed record OffloadRefusal(OffloadScope Scope, string? Rule, Field? Field, string Reason)
{
    /// <summary>For people: <c>rule big: bytes: the kernel does not search</c>.</summary>
    public override string ToString() =>
        (Rule is null ? "" : $"rule {Rule}: ") + (Field is { } field ? $"{FieldTable.Row(field).Words[0]}: " : "") + Reason;
}
