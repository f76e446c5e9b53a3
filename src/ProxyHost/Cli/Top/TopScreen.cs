using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sluice.ProxyHost.Cli.Top;

/// <summary>The whole screen: what is known above, the chosen view, the keys below. As many lines as the terminal has, none wider.</summary>
internal sealed class TopScreen(TopState state, string name) : Renderable
{
    private const int Frame = 4;

    private static readonly (string Key, string Does)[] Keys =
    [
        ("1 to 7", "choose a view"),
        ("Tab, arrows", "the next view, the one before"),
        ("up, down", "scroll; PgUp, PgDn, Home, End as well"),
        ("s, S", "sort by the next column, by the one before"),
        ("r", "the other way round"),
        ("/", "filter by words that a row must have;"),
        ("", "connections also by client=10.0.0.0/8, listener=, cluster=,"),
        ("", "endpoint=, state=open, data_path=sockmap, min_age=5m"),
        ("Esc", "no filter any more; without one, quit"),
        ("p, space", "pause, and go on"),
        ("q", "quit"),
    ];

    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        Glyphs glyphs = options.Unicode ? Glyphs.Unicode : Glyphs.Ascii;
        int height = Math.Max(1, options.ConsoleSize.Height);
        int width = Math.Max(1, maxWidth);
        List<List<Segment>> lines = [Header(width, glyphs), Tabs(width), [], .. Body(width, Math.Max(1, height - Frame), glyphs).Take(Math.Max(0, height - Frame))];
        while (lines.Count < height - 1)
            lines.Add([]);
        lines = [.. lines.Take(height - 1), Footer(width, glyphs)];
        for (int i = 0; i < lines.Count; i++)
        {
            foreach (Segment segment in Listing.Cut(lines[i], width))
                yield return segment;
            // What stood there before is erased, and no line is wrapped by the one that ends the screen.
            yield return Segment.Control("\e[K");
            if (i < lines.Count - 1)
                yield return Segment.LineBreak;
        }
    }

    private List<Segment> Header(int width, Glyphs glyphs)
    {
        if (state.View is not { } view)
            return [new Segment(Listing.Cut($"sluice top  {name}", width, glyphs), Tones.Strong)];
        List<Segment> line =
        [
            new Segment("sluice ", Tones.Strong),
            new Segment(Figures.Visible(view.Version.Split('+')[0]), Tones.Quiet),
            new Segment("  "),
            state.Failure is not null ? new Segment($"{glyphs.Bad} no answer", Tones.Bad)
                : state.IsPaused ? new Segment($"{glyphs.Warn} paused", Tones.Warn)
                : view.Obstacle is { } obstacle ? new Segment($"{glyphs.Warn} {Figures.Visible(obstacle)}", Tones.Warn)
                : new Segment($"{glyphs.Good} ready", Tones.Good),
        ];
        string kernel = view.Kernel.State == "trusted" ? $"{view.Kernel.ActiveDirections} directions" : view.Kernel.Failure ?? view.Kernel.State;
        foreach (string fact in new[]
        {
            $"up {Figures.Age(view.UptimeSeconds)}", $"{Figures.Count(view.OpenConnections)} open", $"generation {view.Config.Generation}", Figures.Bytes(view.ResidentBytes),
            $"kernel {Figures.Visible(kernel)}", name,
        })
        {
            if (Segment.CellCount(line) + fact.Length + 2 <= width)
                line.Add(new Segment($"  {fact}", Tones.Quiet));
        }

        return line;
    }

    private List<Segment> Tabs(int width)
    {
        List<Segment> Draw(Func<int, string> text) =>
            [.. state.Views.SelectMany((_, i) => new[] { new Segment(text(i), i == state.Chosen ? Tones.Chosen : Tones.Plain), new Segment(" ") }).SkipLast(1)];
        List<Segment> all = Draw(i => $"{i + 1} {state.Views[i].Name}");
        return Segment.CellCount(all) <= width ? all : Draw(i => i == state.Chosen ? $"{i + 1} {state.Views[i].Name}" : $"{i + 1}");
    }

    private IReadOnlyList<List<Segment>> Body(int width, int height, Glyphs glyphs)
    {
        if (state.ShowsKeys)
            return [.. Keys.Select(key => new List<Segment> { new(key.Key.PadRight(14), Tones.Strong), new(key.Does) })];
        return state.View is { } view && state.Rates is { } rates
            ? state.Views[state.Chosen].Draw(new TopScene(view, rates, state.Trend, glyphs, state.RowWords), width, height)
            : [[new Segment("Waiting for the first answer.", Tones.Quiet)]];
    }

    private List<Segment> Footer(int width, Glyphs glyphs)
    {
        (string text, Style look) = state switch
        {
            { Typed: { } typed } => ($"Filter: {Figures.Visible(typed)}_   Enter: use, Esc: leave", Tones.Strong),
            { Failure: { } failure } => ($"No answer since {Figures.Clock(failure.Since)}: {Figures.Visible(failure.Why)}. It is asked again and again.", Tones.Bad),
            { Refused: { } refused } => ($"The daemon refuses the filter: {Figures.Visible(refused)}", Tones.Bad),
            { Filter.Length: > 0 } => ($"Filter: {Figures.Visible(state.Filter)}   /: change, Esc: none", Tones.Warn),
            { RestartedAt: { } at } => ($"The daemon was started anew at {Figures.Clock(at)}.  ? keys  q quit", Tones.Warn),
            _ => ("1-7 Tab view  s sort  r reverse  / filter  p pause  ? keys  q quit", Tones.Quiet),
        };
        return [new Segment(Listing.Cut(text, width, glyphs), look)];
    }
}
