using Sluice.ProxyHost.Cli.Top;
using Spectre.Console.Rendering;

namespace Sluice.ProxyHost.Tests.Cli.Top;

public class ListingTests
{
    private static readonly Column<string>[] Columns =
    [
        new("NAME", 0, name => name),
        Column<string>.Number("LENGTH", 1, name => name.Length, name => $"{name.Length}"),
        new("TWICE", 2, name => name + name),
    ];

    [Fact]
    public void Numbers_stand_to_the_right_and_columns_are_as_wide_as_they_must_be() => Assert.Equal(
        ["NAME    LENGTH  TWICE       ", "ab           2  abab        ", "longer       6  longerlonger"],
        Draw(100, "ab", "longer"));

    [Fact]
    public void No_line_is_ever_wider_than_the_terminal_and_the_first_column_stays()
    {
        for (int width = 1; width < 60; width++)
        {
            string[] lines = Draw(width, "short", "a-very-long-name-indeed");
            Assert.All(lines, line => Assert.InRange(Listing.CellsOf(line), 1, width));
            Assert.StartsWith(width < 4 ? "" : "NAME", lines[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_least_important_columns_go_first()
    {
        Assert.Contains("TWICE", Draw(30, "abcd")[0], StringComparison.Ordinal);
        Assert.DoesNotContain("TWICE", Draw(14, "abcd")[0], StringComparison.Ordinal);
        Assert.Contains("LENGTH", Draw(14, "abcd")[0], StringComparison.Ordinal);
        Assert.DoesNotContain("LENGTH", Draw(11, "abcd")[0], StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_cut_off_shows_that_it_is_and_wide_characters_are_counted()
    {
        Assert.Equal("abc…", Listing.Cut("abcdef", 4, Glyphs.Unicode));
        Assert.Equal("漢…", Listing.Cut("漢字漢字", 4, Glyphs.Unicode));
        Assert.Equal("abc~", Listing.Cut("abcdef", 4, Glyphs.Ascii));
        Assert.Equal("abcd", Listing.Cut("abcd", 4, Glyphs.Unicode));
    }

    [Fact]
    public void Rows_without_a_value_come_last_either_way()
    {
        Column<double?> column = Column<double?>.Number("N", 0, value => value, value => $"{value}");
        Assert.Equal([3, 1, null], column.Sort([1, null, 3], isReversed: false));
        Assert.Equal([1, 3, null], column.Sort([1, null, 3], isReversed: true));
    }

    private static string[] Draw(int width, params string[] rows) =>
        [.. Listing.Draw(Columns, rows, width, Glyphs.Unicode).Select((List<Segment> line) => string.Concat(line.Select(segment => segment.Text)))];
}
