using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sluice.ProxyHost.Cli.Top;

/// <summary>Lays a list out in columns that fit the width: the less important are left out, then the widest is cut.</summary>
internal static class Listing
{
    private const int Gap = 2;
    private const int Narrowest = 8;

    /// <summary>A line for the headings, and one for each row.</summary>
    /// <param name="columns">From the left.</param>
    /// <param name="rows">In their order.</param>
    /// <param name="width">In cells.</param>
    /// <param name="glyphs">Of the terminal.</param>
    /// <param name="sorted">The name of the column that the rows are sorted by; null: none.</param>
    /// <param name="isDown">Whether from the most down.</param>
    public static List<List<Segment>> Draw<T>(
        IReadOnlyList<Column<T>> columns, IReadOnlyCollection<T> rows, int width, Glyphs glyphs, string? sorted = null, bool isDown = false)
    {
        string Heading(Column<T> column) => column.Name == sorted ? $"{column.Name}{(isDown ? glyphs.Down : glyphs.Up)}" : column.Name;
        (string Text, Style Look)[][] cells = [.. rows.Select(row => columns.Select(column => (Figures.Visible(column.Text(row)), column.Look?.Invoke(row) ?? Tones.Plain)).ToArray())];
        int[] widths = [.. columns.Select((column, i) => cells.Select(row => CellsOf(row[i].Text)).Append(CellsOf(Heading(column))).Max())];
        Fit(columns, widths, width);

        List<List<Segment>> lines = [Line(columns, widths, [.. columns.Select(column => (Heading(column), Tones.Heading))], glyphs)];
        lines.AddRange(cells.Select(row => Line(columns, widths, row, glyphs)));
        return lines;
    }

    /// <summary>How many cells of a terminal a text takes.</summary>
    public static int CellsOf(string text) => new Segment(text).CellCount();

    // A column that is left out has no width.
    private static void Fit<T>(IReadOnlyList<Column<T>> columns, int[] widths, int width)
    {
        while (Total(widths) > width)
        {
            // Room may also come from a text that is cut; it is not cut to less than can be read.
            int widest = Widest(columns, widths);
            int over = Total(widths) - width;
            int dropped = Enumerable.Range(0, widths.Length).Where(i => widths[i] > 0 && columns[i].Rank > 0).OrderByDescending(i => columns[i].Rank).FirstOrDefault(-1);
            if (widths[widest] - over >= 2 * Narrowest || dropped < 0)
            {
                widths[widest] = Math.Max(1, widths[widest] - over);
                if (dropped < 0 && Total(widths) > width && widths.Count(one => one > 0) > 1)
                    widths[Array.FindLastIndex(widths, one => one > 0)] = 0;
                else if (dropped < 0)
                    return;
            }
            else
            {
                widths[dropped] = 0;
            }
        }
    }

    private static int Total(int[] widths) => widths.Sum() + (Gap * Math.Max(0, widths.Count(one => one > 0) - 1));

    private static int Widest<T>(IReadOnlyList<Column<T>> columns, int[] widths) =>
        Enumerable.Range(0, widths.Length).MaxBy(i => (!columns[i].IsNumber, widths[i]));

    private static List<Segment> Line<T>(IReadOnlyList<Column<T>> columns, int[] widths, (string Text, Style Look)[] cells, Glyphs glyphs)
    {
        List<Segment> line = [];
        for (int i = 0; i < cells.Length; i++)
        {
            if (widths[i] == 0)
                continue;
            if (line.Count > 0)
                line.Add(Segment.Padding(Gap));
            string text = Cut(cells[i].Text, widths[i], glyphs);
            int left = widths[i] - CellsOf(text);
            if (columns[i].IsNumber && left > 0)
                line.Add(Segment.Padding(left));
            line.Add(new Segment(text, cells[i].Look));
            if (!columns[i].IsNumber && left > 0)
                line.Add(Segment.Padding(left));
        }

        return line;
    }

    /// <summary>What of a line fits into so many cells.</summary>
    public static IEnumerable<Segment> Cut(IEnumerable<Segment> line, int width)
    {
        foreach (Segment segment in line)
        {
            if (Segment.Truncate(segment, width) is not { } fitting)
                yield break;
            yield return fitting;
            width -= segment.CellCount();
            if (width <= 0)
                yield break;
        }
    }

    /// <summary>A text in so many cells at most; that something is missing can be seen.</summary>
    public static string Cut(string text, int width, Glyphs glyphs)
    {
        if (CellsOf(text) <= width)
            return text;
        int length = text.Length;
        while (length > 0 && CellsOf(text[..length]) > width - 1)
            length -= char.IsLowSurrogate(text[length - 1]) ? 2 : 1;
        return text[..length] + glyphs.Cut;
    }
}
