using TcpProxyConformance.Cases;
using TcpProxyConformance.Play;

namespace TcpProxyConformance.Runs;

/// <summary>Cases of which the user knows that the proxy fails them, as names or patterns.</summary>
internal sealed record KnownFailures(IReadOnlyList<string> Patterns)
{
    /// <summary>The lines of a file: a name or a pattern each, and behind # whatever one likes.</summary>
    public static IEnumerable<string> Read(IEnumerable<string> lines) =>
        lines.Select(line => line.Split('#')[0].Trim()).Where(line => line.Length > 0);

    /// <summary>What a result counts as.</summary>
    public CaseResult Judge(Case one, CaseResult result) =>
        result.Outcome == Outcome.Fail && Patterns.Any(one.IsMeant) ? result with { Outcome = Outcome.Known } : result;

    /// <summary>Those patterns none of whose cases failed, though at least one was played.</summary>
    public IEnumerable<string> Outdated(IReadOnlyCollection<CaseResult> results) => Patterns.Where(pattern =>
    {
        CaseResult[] meant = [.. CaseList.All.Where(one => one.IsMeant(pattern)).SelectMany(one => results.Where(result => result.Name == one.Name))];
        return meant.Length > 0 && meant.All(result => result.Outcome == Outcome.Pass);
    });
}
