using System.Collections.Immutable;
using YamlDotNet.Core;

namespace Sluice.ProxyHost.Configuration.Yaml;

/// <summary>Gathers what is wrong while a file is read. One thread.</summary>
internal sealed class Diagnostics(SourceText source)
{
    private readonly List<ConfigDiagnostic> _errors = [];
    private readonly List<ConfigDiagnostic> _warnings = [];

    public bool HasErrors => _errors.Count > 0;

    public int ErrorCount => _errors.Count;

    public ImmutableArray<ConfigDiagnostic> Errors => InOrder(_errors);

    public ImmutableArray<ConfigDiagnostic> Warnings => InOrder(_warnings);

    public void Error(Mark at, string path, string message, string? suggestion = null)
    {
        (int line, int column) = PlaceOf(at);
        Error(line, column, path, message, suggestion);
    }

    public void Error(int line, int column, string path, string message, string? suggestion) =>
        _errors.Add(new ConfigDiagnostic(source.File, line, column, path, message, suggestion));

    public void Warning(Mark at, string path, string message, string? suggestion)
    {
        (int line, int column) = PlaceOf(at);
        _warnings.Add(new ConfigDiagnostic(source.File, line, column, path, message, suggestion));
    }

    // The scanner ends a last line that has no end with one of its own, and may place what it misses behind it.
    private (int Line, int Column) PlaceOf(Mark at)
    {
        (int Line, int Column) end = source.End;
        return at.Line > end.Line ? end : ((int)at.Line, (int)at.Column);
    }

    // An alias makes its node be read once a use; the same mistake at the same place is told once.
    private static ImmutableArray<ConfigDiagnostic> InOrder(List<ConfigDiagnostic> found) =>
        [.. found.DistinctBy(d => (d.Line, d.Column, d.Message)).OrderBy(d => d.Line).ThenBy(d => d.Column)];
}
