using Spectre.Console;
using TcpProxyConformance.Runs;

namespace TcpProxyConformance.Reports;

/// <summary>A run for people: a line for each case as soon as it is played, and what failed in full.</summary>
internal sealed class TextReport(TextWriter output)
{
    private readonly IAnsiConsole _console = Console(new UnwrappedOutput(output));

    /// <summary>Says what will be played.</summary>
    public void Begin(RunOptions options) => Line("bold", options.Through is null
        ? $"{options.Cases.Count} cases directly, without a proxy, seed {options.Seed}"
        : $"{options.Cases.Count} cases through {options.Through} to {options.Upstream}, seed {options.Seed}; each directly first");

    /// <summary>A case was played.</summary>
    public void Add(CaseResult result)
    {
        (string mark, string style) = result.Outcome switch
        {
            Outcome.Pass => ("pass ", "green"),
            Outcome.Fail => ("FAIL ", "red bold"),
            Outcome.Known => ("known", "yellow"),
            Outcome.Info => ("info ", "blue"),
            _ => ("n/a  ", "grey"),
        };
        _console.Write(new Markup(mark, Style.Parse(style)));
        _console.WriteLine($"  {result.Name,-45} {result.Milliseconds,7:F0} ms  {(result.Outcome == Outcome.NotApplicable ? result.Seen : result.Value)}".TrimEnd());
        if (result.Outcome is not (Outcome.Fail or Outcome.Known))
            return;
        Line(style, $"         expected: {result.Expected}");
        Line(style, $"         seen:     {result.Seen}");
    }

    /// <summary>All were played.</summary>
    public void End(RunResult run)
    {
        _console.WriteLine();
        Line(run.Count(Outcome.Fail) > 0 ? "red bold" : "green bold", run.Summary);
    }

    // Colours are for terminals, whatever the environment says.
    private static IAnsiConsole Console(UnwrappedOutput output) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = output,
        Ansi = output.IsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
        ColorSystem = output.IsTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
    });

    private void Line(string style, string text) => _console.Write(new Text(text + "\n", Style.Parse(style)));
}
