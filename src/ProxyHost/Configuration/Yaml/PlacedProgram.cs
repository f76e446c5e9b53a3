using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration.Yaml;

/// <summary>A program, or routes as one, and where it stands.</summary>
/// <param name="Program">As it was read.</param>
/// <param name="At">Its place.</param>
internal sealed record PlacedProgram(RuleSet Program, Cursor At)
{
    /// <summary>Whether its rules are the routes of the listener there.</summary>
    public bool IsRouting { get; init; }

    /// <summary>The place of a part of it, or of what is written of the way there.</summary>
    /// <param name="rule">The index of a rule; the number of rules for <c>otherwise</c>; -1 for what concerns all.</param>
    /// <param name="path">From there on, such as <c>when.any[1].u16</c>; empty for all of it.</param>
    public Cursor Place(int rule, string path)
    {
        string way = rule < 0 ? IsRouting ? "inspect" : ""
            : rule == Program.Rules.Length ? "otherwise"
            : $"{(IsRouting ? "routes" : "rules")}[{rule}]";
        return At.Towards($"{way}.{path}");
    }

    /// <summary>What is said of rules and their limits, in the words of what stands here.</summary>
    public string InWords(string text) => IsRouting
        ? text.Replace("the rule `", "the route `", StringComparison.Ordinal).Replace("`max_message`", "`inspect.max_bytes`", StringComparison.Ordinal)
        : text;
}
