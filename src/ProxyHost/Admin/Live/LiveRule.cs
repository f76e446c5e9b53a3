using Sluice.ProxyHost.Telemetry;

namespace Sluice.ProxyHost.Admin.Live;

/// <summary>A rule of a listener's program as /live shows it.</summary>
/// <param name="Listener">Whose connections' bytes it judges.</param>
/// <param name="Program">Which it is of.</param>
/// <param name="Rule">Its name; <c>otherwise</c> for what is done when none matches.</param>
/// <param name="Verdict">What it does.</param>
/// <param name="Shadow">It only counts.</param>
/// <param name="Count">A counter of the messages that it decided on, or would have.</param>
internal sealed record LiveRule(string Listener, string Program, string Rule, string Verdict, bool Shadow, long Count)
{
    public static LiveRule Of(RuleVerdicts rule) => new(rule.Listener, rule.Program, rule.Rule, rule.Verdict, rule.IsShadow, rule.Count);
}
