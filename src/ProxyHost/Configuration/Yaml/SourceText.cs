namespace Sluice.ProxyHost.Configuration.Yaml;

/// <summary>The text of a configuration file and the lines in it. Immutable.</summary>
/// <param name="File">The name of the file as the caller gave it.</param>
/// <param name="Text">All of it, without a byte order mark.</param>
public sealed record SourceText(string File, string Text)
{
    /// <summary>Line <paramref name="number"/>, from 1, without its end; null when there is none.</summary>
    public string? Line(int number)
    {
        using var reader = new StringReader(Text);
        string? line = reader.ReadLine();
        while (line is not null && --number > 0) line = reader.ReadLine();
        return line;
    }

    /// <summary>Line and column, from 1, of the character at <paramref name="index"/>.</summary>
    public (int Line, int Column) Position(int index)
    {
        ReadOnlySpan<char> before = Text.AsSpan(0, Math.Clamp(index, 0, Text.Length));
        return (before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}
