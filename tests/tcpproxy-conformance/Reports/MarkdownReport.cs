using TcpProxyConformance.Runs;

namespace TcpProxyConformance.Reports;

/// <summary>Runs side by side as a Markdown table: a row for each case, a column for each proxy.</summary>
internal static class MarkdownReport
{
    public static string Of(params IReadOnlyList<RunResult> runs)
    {
        string[] names = [.. runs.SelectMany(run => run.Cases).Select(result => result.Name).Distinct()];
        ILookup<string, CaseResult> results = runs.SelectMany(run => run.Cases).ToLookup(result => result.Name);
        IEnumerable<string> required = names.Where(name => results[name].First().Required);
        return $"""
            {Row(["Required", .. runs.Select(run => run.Name)])}
            {Row(Enumerable.Repeat("---", runs.Count + 1))}
            {Rows(required, runs)}
            {Row(["**passed**", .. runs.Select(Score)])}

            {Row(["Informative", .. runs.Select(run => run.Name)])}
            {Row(Enumerable.Repeat("---", runs.Count + 1))}
            {Rows(names.Except(required), runs)}

            """;
    }

    private static string Rows(IEnumerable<string> names, IReadOnlyList<RunResult> runs) => string.Join('\n', names.Select(name =>
        Row([$"`{name}`", .. runs.Select(run => run.Cases.FirstOrDefault(result => result.Name == name)?.Short ?? "not played")])));

    private static string Score(RunResult run) => $"**{run.Count(Outcome.Pass)} of {run.Cases.Count(result => result.Required && result.Outcome != Outcome.NotApplicable)}**";

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |";
}
