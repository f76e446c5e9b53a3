using System.IO.Enumeration;
using TcpProxyConformance.Play;

namespace TcpProxyConformance.Cases;

/// <summary>All cases, in the order in which they are played: those that make the upstream refuse are the last.</summary>
internal static class CaseList
{
    public static IReadOnlyList<Case> All { get; } =
    [
        .. SizeCases.All, .. ShapeCases.All, .. FirstWordCases.All, .. HalfCloseCases.All, .. FinCases.All, .. ResetCases.All,
        .. SlowReaderCases.All, .. ManyCases.All, .. SilenceCases.All, .. InformationCases.All, .. UpstreamCases.All,
    ];

    /// <summary>Whether a case is one that a name or a pattern with * and ? means.</summary>
    public static bool IsMeant(this Case one, string pattern) => FileSystemName.MatchesSimpleExpression(pattern, one.Name);

    /// <summary>The name that is least different from one that there is not, or begins least differently.</summary>
    public static string Nearest(string name) =>
        All.MinBy(one => Math.Min(Distance(one.Name, name), 1 + Distance(one.Name[..Math.Min(name.Length, one.Name.Length)], name)))!.Name;

    // Levenshtein's, a row at a time.
    private static int Distance(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 1; i <= one.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}
