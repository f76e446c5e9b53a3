using Sluice.Load.Accounting;
using Sluice.Load.Runs;
using Sluice.Load.Traffic;

namespace Sluice.Load.Reports;

/// <summary>The report a person reads.</summary>
internal sealed class TextReport(TextWriter output)
{
    private const double TooNoisy = 0.05;

    public void Write(Machine machine, Results results, IReadOnlyList<Footprint> footprints)
    {
        WriteMachine(machine);
        foreach (Scenario scenario in Scenario.All)
            ScenarioTable.Write(output, scenario, results);
        if (footprints.Count > 0)
            FootprintTable.Write(output, footprints);
        WriteGoals([.. Goals.Of(results, footprints)]);
        WriteNoise(results);
    }

    private void WriteMachine(Machine machine)
    {
        output.WriteLine(FormattableString.Invariant($"{machine.Date:yyyy-MM-dd HH:mm} UTC, commit {machine.Commit}"));
        output.WriteLine(FormattableString.Invariant(
            $"Linux {machine.Kernel}, {machine.Cores} cores, {machine.Processor}, {machine.MemoryGiB} GiB, .NET {machine.Runtime}, load average at the start {machine.LoadAverage}"));
        foreach ((string name, string version) in machine.Programs)
            output.WriteLine($"{name}: {version}");
        output.WriteLine();
    }

    private void WriteGoals(Goal[] goals)
    {
        if (goals.Length == 0)
            return;
        output.WriteLine("### Goals (against the best of HAProxy, HAProxy with splice and nginx)");
        output.WriteLine();
        MarkdownTable table = new("goal", "measured", "bound", "reached");
        foreach (Goal goal in goals)
            table.Add(goal.Title, Figure.Of(goal.Measured), (goal.AtLeast ? "≥ " : "≤ ") + Figure.Of(goal.Bound), goal.Reached ? "yes" : "NO");
        table.Write(output);
    }

    private void WriteNoise(Results results)
    {
        if (results.Rounds.Count == 0)
            return;
        output.WriteLine(FormattableString.Invariant(
            $"Noise: processor time used by others, median {Median.Of(results.Rounds.Select(round => round.ForeignShare)):P1}, worst round {results.Rounds.Max(round => round.ForeignShare):P1}; stolen by the hypervisor, worst round {results.Rounds.Max(round => round.StealShare):P1}."));
        if (Median.Of(results.Rounds.Select(round => round.ForeignShare)) > TooNoisy)
            output.WriteLine("!! Others were busy on this machine: rates, latencies and system-wide CPU above are theirs too. Memory is not affected.");
        foreach (Round round in results.Rounds.Where(round => round.Errors > 0))
            output.WriteLine($"!! round {round.Number}, {round.Scenario}, {round.Proxy}: {round.Errors} errors; the first: {round.FirstError}");
    }
}
