using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Model.Live;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>How often a rule of a listener's program has decided, whoever ran it.</summary>
/// <param name="Listener">Its name.</param>
/// <param name="Program">Its name.</param>
/// <param name="Rule">Its name; <c>otherwise</c> for what is done when none matches.</param>
/// <param name="Verdict">What it does, as metrics name it.</param>
/// <param name="IsShadow">It only counts.</param>
/// <param name="Count">Messages so far; never decreases while the rule stays as it is.</param>
internal readonly record struct RuleVerdicts(string Listener, string Program, string Rule, string Verdict, bool IsShadow, long Count)
{
    /// <summary>Of every rule of the present configuration, in its order.</summary>
    public static IEnumerable<RuleVerdicts> Of(ProxyModel model) =>
        from listener in model.Listeners
        from program in listener.Programs.Select((state, index) => (State: state, Index: index))
        from rule in Enumerable.Range(0, program.State.Rules.Rules.Length + 1)
        select new RuleVerdicts(
            listener.Config.Name,
            program.State.Rules.Name,
            program.State.NameOf(rule),
            program.State.ActionOf(rule).Verdict.ToString().ToLowerInvariant(),
            program.State.IsShadow(rule),
            listener.Tallies.Sum(tally => tally.Read(program.Index, rule)) + InKernel(model, listener, program.State, rule));

    // Also what was counted for the maps of earlier configurations.
    private static long InKernel(ProxyModel model, ListenerState listener, ProgramState program, int rule)
    {
        RuleKey key = RuleKey.Of(program, rule);
        return model.Offload.CountOf(listener, program, rule) + listener.Live.CountedInKernel(key)
            + listener.Live.Replaced.Where(before => before.Maps != listener.Maps).DistinctBy(before => before.Maps).Sum(before => CountOf(model, before, key));
    }

    private static long CountOf(ProxyModel model, ListenerState listener, RuleKey key) => (
        from program in listener.Programs
        from rule in Enumerable.Range(0, program.Rules.Rules.Length + 1)
        where RuleKey.Of(program, rule) == key
        select model.Offload.CountOf(listener, program, rule)).Sum();
}
