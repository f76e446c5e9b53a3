using System.Text;

namespace Sluice.ProxyHost.Cli.Explain;

/// <summary>Lines of plain text, indented by two spaces for each level.</summary>
internal sealed class Page
{
    private readonly StringBuilder _text;
    private readonly string _margin;

    public Page() => (_text, _margin) = (new StringBuilder(), "");

    private Page(StringBuilder text, string margin) => (_text, _margin) = (text, margin);

    /// <summary>The same page, one level further in.</summary>
    public Page In => new(_text, _margin + "  ");

    public void Line(string text) => _text.Append(_margin).Append(text).Append('\n');

    /// <summary>Lines of a text that has been laid out already.</summary>
    public void Lines(string text)
    {
        foreach (string line in text.TrimEnd('\n').Split('\n')) Line(line);
    }

    public void Gap() => _text.Append('\n');

    /// <summary>Everything so far, of all levels.</summary>
    public override string ToString() => _text.ToString();
}
