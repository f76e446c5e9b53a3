using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sluice.ProxyHost.Cli.Top;

/// <summary>Everything once, one list below the other, as plain text: for scripts, mails and terminals that obey nothing.</summary>
internal static class TopSnapshot
{
    /// <summary>Prints what the state has.</summary>
    /// <param name="state">With an answer.</param>
    /// <param name="to">Where to.</param>
    /// <param name="width">Lines are cut to it; null: they are as long as they are.</param>
    /// <param name="glyphs">Of the output.</param>
    public static void Print(TopState state, TextWriter to, int? width, Glyphs glyphs)
    {
        var scene = new TopScene(state.View!, state.Rates!, state.Trend, glyphs, []);
        int most = width ?? short.MaxValue;
        to.WriteLine($"sluice {Figures.Visible(scene.View.Version)}  {Figures.Visible(scene.View.Obstacle ?? "ready")}  up {Figures.Age(scene.View.UptimeSeconds)}  generation {scene.View.Config.Generation}  {Figures.Bytes(scene.View.ResidentBytes)}");
        foreach (Figure figure in OverviewView.Figures(scene))
            to.WriteLine($"{figure.Label,-15} {figure.Value}");
        foreach (ITopView view in state.Views.Skip(1))
        {
            to.WriteLine();
            foreach (List<Segment> line in view.Draw(scene, most, int.MaxValue))
            {
                string text = string.Concat(line.Select(segment => segment.Text)).TrimEnd();
                if (text.Length > 0)
                    to.WriteLine(text);
            }
        }
    }
}
