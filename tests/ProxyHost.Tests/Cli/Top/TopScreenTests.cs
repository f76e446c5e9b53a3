using Sluice.ProxyHost.Cli.Top;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sluice.ProxyHost.Tests.Cli.Top;

public class TopScreenTests
{
    private const string Colour = @"\e\[([0-9]+;)*(3[0-8]|9[0-7])[;m]";
    private const string Hostile = "\e[2J[red]\r\n漢字\u202E";

    public static TheoryData<int, int> Sizes => new() { { 1, 1 }, { 10, 5 }, { 40, 10 }, { 50, 24 }, { 80, 24 }, { 120, 40 }, { 300, 100 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Every_view_fills_the_screen_and_nothing_sticks_out(int width, int height)
    {
        TopState state = Running(Hostile);
        foreach (char view in "1234567?")
        {
            state.Press(new(view, default, false, false, false));
            string[] lines = Lines(state, width, height);
            Assert.Equal(height, lines.Length);
            Assert.All(lines, line => Assert.InRange(Listing.CellsOf(line), 0, width));
            Assert.All(lines, line => Assert.DoesNotContain(line, char.IsControl));
        }
    }

    [Fact]
    public void The_usual_terminal_shows_what_matters()
    {
        TopState state = Running("refused");
        string[] lines = Lines(state, 80, 24);
        Assert.StartsWith("sluice 1.2.3  ● ready  up 2.0s  1 open", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("1 Overview 2 Listeners", lines[1], StringComparison.Ordinal);
        Assert.Matches(@"^From clients +1\.00 kB/s +█$", lines[3]);
        Assert.Contains(lines, line => line.StartsWith("LISTENER", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("CLUSTER", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("connect_failed", StringComparison.Ordinal));
        Assert.StartsWith("1-7 Tab view", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_narrow_terminal_keeps_the_client_and_drops_the_rule()
    {
        TopState state = Running("refused");
        state.Press(new('5', default, false, false, false));
        Assert.Contains(Lines(state, 200, 24), line => line.Contains("RULE", StringComparison.Ordinal) && line.Contains("DATA PATH", StringComparison.Ordinal));
        string[] narrow = Lines(state, 50, 24);
        Assert.Contains(narrow, line => line.StartsWith("192.0.2.1:4711", StringComparison.Ordinal));
        Assert.DoesNotContain(narrow, line => line.Contains("RULE", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_Unicode_it_is_ASCII()
    {
        TopState state = Running("refused");
        Assert.All(Lines(state, 80, 24, isUnicode: false), line => Assert.DoesNotContain(line, c => c > '~'));
    }

    [Fact]
    public void Without_colours_there_are_none()
    {
        Assert.Matches(Colour, Ansi(ColorSystemSupport.Standard));
        Assert.DoesNotMatch(Colour, Ansi(ColorSystemSupport.NoColors));

        static string Ansi(ColorSystemSupport colors)
        {
            using var text = new StringWriter();
            IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.Yes, ColorSystem = colors });
            (console.Profile.Width, console.Profile.Height) = (80, 24);
            console.Write(new TopScreen(Running("x"), "here"));
            return text.ToString();
        }
    }

    [Fact]
    public void No_answer_is_said_with_its_reason_and_a_filter_that_is_typed_is_shown()
    {
        TopState state = Running("x");
        state.Take(new(null, null, "here: Connection refused"));
        string[] lines = Lines(state, 120, 24);
        Assert.Contains("✕ no answer", lines[0], StringComparison.Ordinal);
        Assert.Matches("^No answer since [0-9:]{8}: here: Connection refused", lines[^1]);
        state.Press(new('/', default, false, false, false));
        state.Press(new('x', default, false, false, false));
        Assert.StartsWith("Filter: x_", Lines(state, 120, 24)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Plots_have_as_many_rows_as_there_is_room_for_and_their_end_at_the_right()
    {
        Segment[] rows = Plot.Draw([null, 0, 1, 8, 16, double.PositiveInfinity], 8, 2, Tones.Plain, Glyphs.Unicode);
        Assert.Equal(["      ██", "    ▁███"], rows.Select(row => row.Text));
    }

    /// <summary>The screen's lines without what only terminals read.</summary>
    internal static string[] Lines(TopState state, int width, int height, bool isUnicode = true)
    {
        using var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        (console.Profile.Width, console.Profile.Height, console.Profile.Capabilities.Unicode) = (width, height, isUnicode);
        console.Write(new TopScreen(state, "here"));
        return text.ToString().Replace("\e[K", "", StringComparison.Ordinal).Split('\n');
    }

    private static TopState Running(string trouble)
    {
        var state = new TopState(TimeProvider.System);
        state.Take(new(Answers.At(1, copied: 1000, accepted: 1, trouble: trouble, endpoint: trouble), null, null));
        state.Take(new(Answers.At(2, copied: 2000, accepted: 2, failed: 1, connects: [3, 0, 0, 0], trouble: trouble, endpoint: trouble), null, null));
        return state;
    }
}
