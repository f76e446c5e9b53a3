namespace Sluice.Load.Reports;

/// <summary>An aligned Markdown table: readable in a terminal, and ready to be pasted into docs/benchmarks.md.</summary>
internal sealed class MarkdownTable(params string[] headings)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Write(TextWriter output)
    {
        int[] widths = [.. headings.Select((heading, column) => _rows.Select(row => row[column].Length).Append(heading.Length).Append(3).Max())];
        output.WriteLine(Line(headings, widths));
        output.WriteLine("|" + string.Join('|', widths.Select((width, column) => column == 0 ? new string('-', width + 2) : new string('-', width + 1) + ":")) + "|");
        foreach (string[] row in _rows)
            output.WriteLine(Line(row, widths));
        output.WriteLine();
    }

    // The first column names the row and reads from the left; figures line up on the right.
    private static string Line(string[] cells, int[] widths) =>
        "| " + string.Join(" | ", cells.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))) + " |";
}
