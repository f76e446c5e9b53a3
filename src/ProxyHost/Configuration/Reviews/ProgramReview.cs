using Sluice.ProxyHost.Configuration.Yaml;
using Sluice.Redirect.Compilation;

namespace Sluice.ProxyHost.Configuration.Reviews;

/// <summary>
/// Reports what the compiler finds in the programs and routes of a document, which knows nothing of YAML, at the line and
/// column where it stands. What could not be read without a mistake of its own is left out.
/// </summary>
internal static class ProgramReview
{
    public static void Run(PlaceTable places)
    {
        foreach (PlacedProgram placed in places.Programs)
        {
            foreach (RuleFinding finding in RuleSetFindings.Of(placed.Program)) Report(finding, placed, places);
        }
    }

    private static void Report(RuleFinding finding, PlacedProgram placed, PlaceTable places)
    {
        // The condition's own place is exact; a path may have been spelled in another way.
        Cursor at = (finding.Condition is { } condition ? places.Of(condition) : null) ?? placed.Place(finding.Rule, finding.Path);
        (string message, string suggestion) = (placed.InWords(finding.Message), placed.InWords(finding.Suggestion));
        if (finding.Severity == FindingSeverity.Error) at.Error(message, suggestion);
        else at.Warning(message, suggestion);
    }
}
