using TcpProxyConformance.Runs;

namespace TcpProxyConformance.Reports;

/// <summary>Runs side by side as a Markdown table: a row for each case, a column for each proxy.</summary>
internal static class MarkdownReport
{
    public static string Of(params IReadOnlyList<RunResult> runs)
    {
        string[] names = [.. runs.SelectMany(run => run.Cases).Select(result => result.Name).Distinct()];
        ILookup<string, CaseResult> results = runs.SelectMany(run => run.Cases).ToLookup(result => result.Name);
        string[] required = [.. names.Where(name => results[name].First().Required)], informative = [.. names.Except(required)];
        return string.Join('\n', ((string[])[Table("Required", required, runs, score: true), Table("Informative", informative, runs, score: false)]).Where(table => table.Length > 0));
    }

    private static string Table(string title, string[] names, IReadOnlyList<RunResult> runs, bool score) => names.Length == 0 ? "" : $"""
        {Row([title, .. runs.Select(run => run.Name)])}
        {Row(Enumerable.Repeat("---", runs.Count + 1))}
        {Rows(names, runs)}{(score ? "\n" + Row(["**passed**", .. runs.Select(Score)]) : "")}

        """;

    private static string Rows(IEnumerable<string> names, IReadOnlyList<RunResult> runs) => string.Join('\n', names.Select(name =>
        Row([$"`{name}`", .. runs.Select(run => run.Cases.FirstOrDefault(result => result.Name == name)?.Short ?? "not played")])));

    private static string Score(RunResult run) => $"**{run.Count(Outcome.Pass)} of {run.Cases.Count(result => result.Required && result.Outcome != Outcome.NotApplicable)}**";

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |";
}
