using TcpProxyConformance.Play;

namespace TcpProxyConformance.Reports;

/// <summary>What the cases are, for people and as the table in the README.</summary>
internal static class CaseListing
{
    public static string Text(IEnumerable<Case> cases) => string.Concat(cases.Select(one => $"""
        {one.Name}{(one.IsRequired ? "" : "  (informative)")}
            {one.Requires}
            Why: {one.Why}
            See: {one.Source}


        """));

    public static string Markdown(IEnumerable<Case> cases) => "| Case | What is required | Why | Source |\n|---|---|---|---|\n" + string.Concat(cases.Select(one =>
        $"| `{one.Name}` | {(one.IsRequired ? "" : "Informative: ")}{one.Requires} | {one.Why} | {one.Source} |\n"));
}
