using Sluice.ProxyHost.Model.Live;
using Sluice.Redirect.Verdicts;

namespace Sluice.ProxyHost.Model;

/// <summary>Counts what the rules of a listener's programs decided in one accept loop. One thread writes, any may read.</summary>
internal sealed class RuleTally(IReadOnlyList<ProgramState> programs, Func<RuleKey, RuleCount> countOf)
{
    private readonly RuleCount[][] _counts =
        [.. programs.Select(program => Enumerable.Range(0, program.Rules.Rules.Length + 1).Select(rule => countOf(RuleKey.Of(program, rule))).ToArray())];

    /// <summary>One more decision of a rule. Gives the program it is of.</summary>
    public ProgramState Count(IVerdictProgram program, int rule)
    {
        int index = programs[0].Backend == program ? 0 : 1;
        _counts[index][rule].Add(1);
        return programs[index];
    }

    /// <summary>Decisions so far; never decreases.</summary>
    public long Read(int program, int rule) => _counts[program][rule].Value;
}
