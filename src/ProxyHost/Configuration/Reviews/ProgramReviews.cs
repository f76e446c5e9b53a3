using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Reviews;

/// <summary>Runs every review over every program of a document and reports what they find where it stands.</summary>
internal static class ProgramReviews
{
    // A review is added here; it needs to know nothing else of this project.
    private static readonly IProgramReview[] All = [new LimitsReview()];

    public static void Run(PlaceTable places)
    {
        foreach (PlacedProgram placed in places.Programs)
        {
            foreach (ProgramFinding finding in All.SelectMany(review => review.Review(placed.Program))) Report(finding, placed, places);
        }
    }

    private static void Report(ProgramFinding finding, PlacedProgram placed, PlaceTable places)
    {
        Cursor at = (finding.Condition is { } condition ? places.Of(condition) : null) ?? placed.Place(finding.Rule, finding.Path);
        if (finding.IsError) at.Error(finding.Message, finding.Suggestion);
        else at.Warning(finding.Message, finding.Suggestion);
    }
}
