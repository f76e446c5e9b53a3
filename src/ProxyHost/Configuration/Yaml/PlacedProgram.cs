using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration.Yaml;

/// <summary>A program and where it stands.</summary>
/// <param name="Program">As it was read.</param>
/// <param name="At">Its place.</param>
/// <param name="Rules">The key of its rules.</param>
internal sealed record PlacedProgram(RuleSet Program, Cursor At, string Rules)
{
    /// <summary>The place of a part of a rule, or of what is written of the way there.</summary>
    /// <param name="rule">Its index; null for the program's own keys.</param>
    /// <param name="path">From there on, such as <c>when.any[1].u16</c>.</param>
    public Cursor Place(int? rule, string path) => At.Towards(rule is { } index ? $"{Rules}[{index}].{path}" : path);
}
