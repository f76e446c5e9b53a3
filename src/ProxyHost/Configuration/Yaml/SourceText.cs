using System.Buffers;

namespace Sluice.ProxyHost.Configuration.Yaml;

/// <summary>The text of a configuration file and the lines in it. Immutable.</summary>
/// <param name="File">The name of the file as the caller gave it.</param>
/// <param name="Text">All of it, without a byte order mark.</param>
public sealed record SourceText(string File, string Text)
{
    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\n\r\u0085\u2028\u2029");

    /// <summary>Line <paramref name="number"/>, from 1, without its end; null when there is none.</summary>
    public string? Line(int number)
    {
        using var reader = new StringReader(Text);
        string? line = reader.ReadLine();
        while (line is not null && --number > 0) line = reader.ReadLine();
        return line;
    }

    /// <summary>Line and column, from 1, behind the last character, with the ends of lines that YAML has.</summary>
    public (int Line, int Column) End
    {
        get
        {
            ReadOnlySpan<char> rest = Text;
            int line = 1;
            for (int at; (at = rest.IndexOfAny(LineEnds)) >= 0; line++)
                rest = rest[(at + (rest[at..].StartsWith("\r\n") ? 2 : 1))..];
            return (line, rest.Length + 1);
        }
    }

    /// <summary>Line and column, from 1, of the character at <paramref name="index"/>.</summary>
    public (int Line, int Column) Position(int index)
    {
        ReadOnlySpan<char> before = Text.AsSpan(0, Math.Clamp(index, 0, Text.Length));
        return (before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}
