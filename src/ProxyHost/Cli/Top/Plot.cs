using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sluice.ProxyHost.Cli.Top;

/// <summary>A series drawn with block characters, its end at the right.</summary>
internal static class Plot
{
    /// <summary>Rows of so many cells, from the top down. What is not known stays empty; what is infinite is as high as the highest.</summary>
    public static Segment[] Draw(double?[] values, int width, int height, Style style, Glyphs glyphs)
    {
        double most = values.Where(value => value is { } known && double.IsFinite(known)).Max() ?? 0;
        int steps = glyphs.Levels.Length - 1;
        var rows = new Segment[height];
        for (int row = 0; row < height; row++)
        {
            int below = (height - 1 - row) * steps;
            string cells = string.Concat(values.TakeLast(width).Select(value => glyphs.Levels[Math.Clamp(LevelOf(value, most, height * steps) - below, 0, steps)]));
            rows[row] = new Segment(cells.PadLeft(width), style);
        }

        return rows;
    }

    // The least that is not nothing can be seen.
    private static int LevelOf(double? value, double most, int levels) => value switch
    {
        null or 0 => 0,
        double.PositiveInfinity => levels,
        _ => Math.Max(1, (int)Math.Round(value.Value / most * levels)),
    };
}
