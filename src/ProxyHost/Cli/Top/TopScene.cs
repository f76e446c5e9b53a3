using Sluice.ProxyHost.Admin.Live;

namespace Sluice.ProxyHost.Cli.Top;

/// <summary>What is to be shown at one moment.</summary>
/// <param name="View">The daemon's answer.</param>
/// <param name="Rates">Of it and those before.</param>
/// <param name="Trend">The last values.</param>
/// <param name="Glyphs">Of the terminal.</param>
/// <param name="Filter">Words that a row must have, all of them.</param>
internal sealed record TopScene(LiveView View, LiveRates Rates, Trend Trend, Glyphs Glyphs, string[] Filter)
{
    /// <summary>The highest bound of latencies.</summary>
    public double MostSeconds => View.LatencyBoundsSeconds[^1];

    public string Seconds(double? value) => Figures.Seconds(value, MostSeconds);
}
