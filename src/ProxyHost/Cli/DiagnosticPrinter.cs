using System.Collections.Immutable;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Cli;

/// <summary>Prints diagnostics as compilers do: where and what on one line, then the source line with a caret under the place.</summary>
internal static class DiagnosticPrinter
{
    private const int WidestLine = 160;

    public static void Print(TextWriter to, ConfigReadResult read)
    {
        foreach (ConfigDiagnostic error in read.Errors) Print(to, read.Source, error, "");
        foreach (ConfigDiagnostic warning in read.Warnings) Print(to, read.Source, warning, "warning: ");
        if (read.Errors.Length > 0) to.WriteLine($"{read.Source.File}: {Count(read.Errors)}");
    }

    private static void Print(TextWriter to, SourceText source, ConfigDiagnostic diagnostic, string severity)
    {
        to.WriteLine($"{diagnostic.File}:{diagnostic.Line}:{diagnostic.Column}: {severity}{diagnostic.Text}");
        if (source.Line(diagnostic.Line) is not { } whole) return;
        string margin = $"{diagnostic.Line,5} | ";
        int column = Math.Clamp(diagnostic.Column - 1, 0, whole.Length);
        // A line of any length is shown around the place only.
        int from = column <= WidestLine / 2 ? 0 : column - WidestLine / 2;
        string line = Quote.Visible(whole.Substring(from, Math.Min(WidestLine, whole.Length - from)));
        to.WriteLine($"{margin}{line}");
        // Tabs stay tabs, so that the caret stands under its character however wide the terminal makes them.
        string indent = new([.. line.Take(column - from).Select(c => c == '\t' ? '\t' : ' ')]);
        to.WriteLine($"{new string(' ', margin.Length - 2)}| {indent}^");
    }

    private static string Count(ImmutableArray<ConfigDiagnostic> errors) => errors.Length == 1 ? "1 error" : $"{errors.Length} errors";
}
