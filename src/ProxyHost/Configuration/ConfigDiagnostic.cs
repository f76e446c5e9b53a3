namespace Sluice.ProxyHost.Configuration;

/// <summary>One mistake, or one oddity, of a configuration file and where it is.</summary>
/// <param name="File">The file as it was named by the caller.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in UTF-16 code units.</param>
/// <param name="Path">The place in the document, such as <c>listeners[0].listen</c>; empty for the document itself.</param>
/// <param name="Message">What is wrong, in one sentence without a full stop.</param>
/// <param name="Suggestion">What to do about it, if there is something to say; null otherwise.</param>
public sealed record ConfigDiagnostic(string File, int Line, int Column, string Path, string Message, string? Suggestion)
{
    /// <summary>The path, the message and the suggestion in one line.</summary>
    public string Text =>
        (Path.Length == 0 ? Message : $"{Path}: {Message}") + (Suggestion is null ? "" : $"; {Suggestion}");

    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}:{Column}: {Text}";
}
