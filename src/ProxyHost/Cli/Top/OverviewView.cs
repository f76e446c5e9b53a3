using Sluice.ProxyHost.Admin.Live;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sluice.ProxyHost.Cli.Top;

/// <summary>Everything at a glance: plots, and the first rows of the lists.</summary>
internal sealed class OverviewView : ITopView
{
    private const int LabelWidth = 16;
    private const int ValueWidth = 22;
    private const int LeastPlot = 8;

    /// <inheritdoc/>
    public string Name => "Overview";

    /// <inheritdoc/>
    public string? ServerOrder => null;

    /// <inheritdoc/>
    public void SortBy(int step)
    {
    }

    /// <inheritdoc/>
    public void Reverse()
    {
    }

    /// <inheritdoc/>
    public void Scroll(int rows)
    {
    }

    /// <inheritdoc/>
    public IReadOnlyList<List<Segment>> Draw(TopScene scene, int width, int height)
    {
        int tall = Math.Clamp((height - 18) / 6, 1, 4);
        List<List<Segment>> lines = [.. Figures(scene).SelectMany((figure, i) => Plotted(scene, figure, width, i < 2 ? tall : 1))];
        // Listeners first, but the others get what they leave.
        int left = height - lines.Count;
        int share = Math.Max(1, (left / 3) - 2);
        Add(lines, scene, TopLists.Listeners(scene), scene.View.Listeners, share, width);
        Add(lines, scene, TopLists.Clusters(scene), scene.View.Clusters, share, width);
        int room = height - lines.Count - 2;
        if (room > 0 && scene.View.AbnormalEnds.Items.Length > 0)
            Add(lines, scene, TopLists.Ends(scene), scene.View.AbnormalEnds, room, width);
        return lines.Count > height ? lines[..height] : lines;
    }

    /// <summary>What is plotted, with its numbers.</summary>
    public static Figure[] Figures(TopScene scene)
    {
        LiveRates rates = scene.Rates;
        return
        [
            new("From clients", Top.Figures.ByteRate(rates.FromClients), "clients", Tones.First),
            new("From upstreams", Top.Figures.ByteRate(rates.FromUpstreams), "upstreams", Tones.Second),
            new("Open", Top.Figures.Count(scene.View.OpenConnections), "open", Tones.First),
            new("New", Top.Figures.Rate(rates.AcceptedAll), "accepted", Tones.First),
            new("Connect time", $"{scene.Seconds(rates.ConnectsInMinute.Quantile(0.5))}, 99% {scene.Seconds(rates.ConnectsInMinute.Quantile(0.99))}", "connect", Tones.Second),
            new("Queue wait", $"{scene.Seconds(rates.WaitsInMinute.Quantile(0.5))}, 99% {scene.Seconds(rates.WaitsInMinute.Quantile(0.99))}", "wait", Tones.Second),
            new("Abnormal ends", $"{Top.Figures.Count(rates.AbnormalInMinute)} a minute", "abnormal", Tones.Bad),
        ];
    }

    private static IEnumerable<List<Segment>> Plotted(TopScene scene, Figure figure, int width, int height)
    {
        int room = width - LabelWidth - ValueWidth;
        Segment[] plot = room < LeastPlot
            ? [.. Enumerable.Range(0, height).Select(_ => Segment.Empty)]
            : Plot.Draw(scene.Trend.Last(figure.Series, room), room, height, figure.Look, scene.Glyphs);
        for (int row = 0; row < height; row++)
        {
            bool isLast = row == height - 1;
            yield return
            [
                new Segment((isLast ? figure.Label : "").PadRight(LabelWidth), Tones.Quiet),
                new Segment((isLast ? figure.Value : "").PadRight(ValueWidth), Tones.Strong),
                plot[row],
            ];
        }
    }

    // How many there are where not all have room.
    private static void Add<T>(List<List<Segment>> lines, TopScene scene, Column<T>[] columns, LiveList<T> list, int most, int width)
    {
        T[] shown = [.. list.Items.Take(most)];
        if (shown.Length < list.Count)
            columns[0] = columns[0] with { Name = $"{columns[0].Name} {shown.Length}/{Top.Figures.Count(list.Count)}" };
        lines.Add([]);
        lines.AddRange(Listing.Draw(columns, shown, width, scene.Glyphs));
    }
}

/// <summary>A line of the overview.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Value">In numbers.</param>
/// <param name="Series">Of the trend.</param>
/// <param name="Look">Of the plot.</param>
internal sealed record Figure(string Label, string Value, string Series, Style Look);
