using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Model.Live;

/// <summary>What a rule's count goes by. A rule that does something else from now on is another one.</summary>
internal readonly record struct RuleKey(string Program, string Rule, RuleVerdict Verdict, bool IsShadow)
{
    /// <summary>Of a rule by its index in the program.</summary>
    public static RuleKey Of(ProgramState program, int rule) =>
        new(program.Rules.Name, program.NameOf(rule), program.ActionOf(rule).Verdict, program.IsShadow(rule));
}
