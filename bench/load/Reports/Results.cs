using Sluice.Load.Runs;

namespace Sluice.Load.Reports;

/// <summary>All rounds, and the medians and ratios drawn from them.</summary>
internal sealed class Results(IReadOnlyList<Round> rounds)
{
    public IReadOnlyList<Round> Rounds => rounds;

    public bool Has(string scenario, string proxy) => Of(scenario, proxy).Any();

    public IEnumerable<Round> Of(string scenario, string proxy) =>
        rounds.Where(round => round.Scenario == scenario && round.Proxy == proxy);

    public double MedianOf(string scenario, string proxy, Func<Round, double> figure) => Median.Of(Of(scenario, proxy).Select(figure));

    /// <summary>
    /// The median of the ratios within each round, not the ratio of the medians: what slows the machine for a while slows
    /// both sides of a round's ratio. NaN when one of the two was not measured.
    /// </summary>
    public double Ratio(string scenario, string proxy, string against, Func<Round, double> figure) =>
        Median.Of(Of(scenario, proxy).Join(Of(scenario, against), a => a.Number, b => b.Number, (a, b) => figure(a) / figure(b)));

    /// <summary>Largest deviation of a round's rate from the median, as a share of it.</summary>
    public double Spread(string scenario, string proxy)
    {
        double median = MedianOf(scenario, proxy, round => round.Rate);
        return Of(scenario, proxy).Max(round => Math.Abs(round.Rate - median)) / median;
    }
}
