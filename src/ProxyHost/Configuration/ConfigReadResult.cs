using System.Collections.Immutable;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration;

/// <summary>What reading a configuration gave.</summary>
/// <param name="Config">The configuration; null exactly when there are errors or the file could not be read.</param>
/// <param name="Errors">Every mistake of the file, in the order of their places.</param>
/// <param name="Warnings">What is allowed and most likely not meant; only looked for when there are no errors.</param>
/// <param name="Source">The text that was read, for showing the lines that diagnostics speak of.</param>
/// <param name="Unreadable">Why the file could not be read at all; null when it was.</param>
public sealed record ConfigReadResult(
    SluiceConfig? Config,
    ImmutableArray<ConfigDiagnostic> Errors,
    ImmutableArray<ConfigDiagnostic> Warnings,
    SourceText Source,
    string? Unreadable = null);
