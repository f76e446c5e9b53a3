using Sluice.Load.Runs;
using Sluice.Load.Traffic;

namespace Sluice.Load.Reports;

/// <summary>One scenario: a row for each proxy, medians and ratios.</summary>
internal static class ScenarioTable
{
    public static void Write(TextWriter output, Scenario scenario, Results results)
    {
        string[] proxies = [.. results.Rounds.Where(round => round.Scenario == scenario.Name).Select(round => round.Proxy).Distinct().Order()];
        if (proxies.Length == 0)
            return;
        bool isBulk = scenario.Unit == ScenarioUnit.Gigabytes;
        output.WriteLine($"### {scenario.Title}");
        output.WriteLine();
        MarkdownTable table = new(
            scenario.Name, isBulk ? "Gb/s" : "requests/s", "× haproxy", "× nginx", "× direct", "± %", "p50 µs", "p99 µs",
            isBulk ? "CPU s/GB" : "CPU µs/req", "× haproxy", "× nginx", "own CPU", "busy cores", "errors");
        foreach (string proxy in proxies)
        {
            long errors = results.Of(scenario.Name, proxy).Sum(round => round.Errors);
            table.Add(
                proxy,
                Figure.Rate(Middle(round => round.Rate)),
                Ratio("haproxy", round => round.Rate),
                Ratio("nginx", round => round.Rate),
                Ratio("direct", round => round.Rate),
                Figure.Of(100 * results.Spread(scenario.Name, proxy), "0"),
                Figure.Of(Middle(round => round.P50), "0"),
                Figure.Of(Middle(round => round.P99), "0"),
                Figure.Of(Middle(round => round.Cpu)),
                Ratio("haproxy", round => round.Cpu),
                Ratio("nginx", round => round.Cpu),
                Figure.Of(Middle(round => round.ProxyCpu)),
                Figure.Of(Middle(round => round.BusyCores)),
                errors == 0 ? "0" : $"!! {errors}");

            double Middle(Func<Round, double> figure) => results.MedianOf(scenario.Name, proxy, figure);
            string Ratio(string against, Func<Round, double> figure) => Figure.Of(results.Ratio(scenario.Name, proxy, against, figure));
        }
        table.Write(output);
    }
}
