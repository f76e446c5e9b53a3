using Sluice.Load.Runs;

namespace Sluice.Load.Reports;

/// <summary>What this project wants to reach, and whether a run did.</summary>
/// <param name="Title">What is compared.</param>
/// <param name="Measured">A ratio, or an amount in the unit that the title names.</param>
/// <param name="Bound">The bound, inclusive.</param>
/// <param name="AtLeast">Whether the bound is a lower one.</param>
internal sealed record Goal(string Title, double Measured, double Bound, bool AtLeast)
{
    public bool Reached => AtLeast ? Measured >= Bound : Measured <= Bound;
}

/// <summary>The goals that a run has figures for.</summary>
internal static class Goals
{
    private const string Subject = "sluice";
    private static readonly string[] Rivals = ["haproxy", "haproxy-splice", "nginx"];

    private static readonly (string Scenario, double Rate)[] Rates =
        [("ping-512", 1.0), ("ping-16k", 1.0), ("bulk-1", 1.3), ("bulk-4", 1.3), ("connect", 1.0)];

    public static IEnumerable<Goal> Of(Results results, IEnumerable<Footprint> footprints)
    {
        foreach ((string scenario, double bound) in Rates)
        {
            if (Best(results, scenario, round => -round.Rate) is string fastest)
                yield return new Goal($"{scenario}: rate × {fastest}", Ratio(results, scenario, fastest, round => round.Rate), bound, true);
            if (Best(results, scenario, round => round.Cpu) is string thriftiest)
                yield return new Goal($"{scenario}: CPU × {thriftiest}", Ratio(results, scenario, thriftiest, round => round.Cpu), 1.0, false);
        }

        if (footprints.FirstOrDefault(footprint => footprint.Proxy == Subject) is not Footprint own)
            yield break;
        yield return new Goal("ready after start, ms", own.ReadyAfterMs ?? own.EchoAfterMs, 100, false);
        yield return new Goal("idle resident memory, MB", own.Idle.Resident / 1e6, 25, false);
        yield return new Goal($"added by {own.Connections:N0} idle connections, MB", own.AddedBytes / 1e6, 10, false);
    }

    /// <summary>NaN, which reaches no goal, when the subject made errors.</summary>
    private static double Ratio(Results results, string scenario, string rival, Func<Round, double> figure) =>
        results.Of(scenario, Subject).Any(round => round.Errors > 0) ? double.NaN : results.Ratio(scenario, Subject, rival, figure);

    /// <summary>The rival with the lowest median; null unless it and the subject were measured.</summary>
    private static string? Best(Results results, string scenario, Func<Round, double> cost) =>
        results.Has(scenario, Subject)
            ? Rivals.Where(rival => results.Has(scenario, rival)).MinBy(rival => results.MedianOf(scenario, rival, cost))
            : null;
}
