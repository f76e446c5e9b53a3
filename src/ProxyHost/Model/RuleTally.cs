using Sluice.Redirect.Verdicts;

namespace Sluice.ProxyHost.Model;

/// <summary>Counts what the rules of a listener's programs decided in one accept loop. One thread writes, any may read.</summary>
internal sealed class RuleTally(IReadOnlyList<ProgramState> programs)
{
    private readonly long[][] _counts = [.. programs.Select(program => new long[program.Rules.Rules.Length + 1])];

    /// <summary>One more decision of a rule. Gives the program it is of.</summary>
    public ProgramState Count(IVerdictProgram program, int rule)
    {
        int index = programs[0].Backend == program ? 0 : 1;
        ref long count = ref _counts[index][rule];
        Volatile.Write(ref count, count + 1);
        return programs[index];
    }

    /// <summary>Decisions so far; never decreases.</summary>
    public long Read(int program, int rule) => Volatile.Read(ref _counts[program][rule]);
}
