using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Sluice.ProxyHost.Configuration.Yaml;

/// <summary>
/// A place in the document that is being read: the node, how one got there, and where to report. Readers return false
/// after they have reported; nobody throws for what a file holds.
/// </summary>
internal readonly record struct Cursor(ReadContext Context, YamlNode Node, string Path)
{
    /// <summary>Whether nothing is written here: a default stands in, and <see cref="Node"/> is what would hold it.</summary>
    public bool IsDefault { get; init; }

    /// <summary>The place, from 0, in the innermost list around.</summary>
    public int Index { get; init; }

    /// <summary>How many conditions there are around, of those that may hold one another.</summary>
    public int Nesting { get; init; }

    public Mark Start => Node.Start;

    /// <summary>The place in words, for a message about another place.</summary>
    public string Place => IsDefault ? $"{Path} (by default)" : $"{Path} (line {Start.Line})";

    /// <summary>The value of key <paramref name="name"/> of this mapping.</summary>
    public Cursor Key(string name, YamlNode value) => this with { Node = value, Path = Path.Length == 0 ? name : $"{Path}.{name}" };

    /// <summary>The item at <paramref name="index"/> of this sequence.</summary>
    public Cursor Item(int index, YamlNode item) => this with { Node = item, Path = $"{Path}[{index}]", Index = index };

    /// <summary>The place that a path such as <c>any[1].u16</c> leads to from here, or the last on the way that is written.</summary>
    public Cursor Towards(string path)
    {
        Cursor at = this;
        foreach (string step in path.Split(['.', '['], StringSplitOptions.RemoveEmptyEntries))
        {
            if (at.Step(step) is not { } next) break;
            at = next;
        }
        return at;
    }

    public void Error(string message, string? suggestion = null) => Context.Diagnostics.Error(Start, Path, message, suggestion);

    public void Warning(string message, string? suggestion = null) => Context.Diagnostics.Warning(Start, Path, message, suggestion);

    /// <summary>What is here, for "expected a list, found ...".</summary>
    public string Found => Node switch
    {
        YamlMappingNode => "keys and values",
        YamlSequenceNode => "a list",
        YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" } => "nothing",
        YamlScalarNode scalar => $"`{Quote.Text(scalar.Value ?? "")}`",
        _ => "something else",
    };

    /// <summary>The scalar here with its variables filled in; reports and returns false when there is none.</summary>
    public bool TryScalar(string expected, out ScalarValue scalar)
    {
        scalar = default;
        if (Node is not YamlScalarNode node)
        {
            Error($"expected {expected}, found {Found}");
            return false;
        }
        bool whole = true;
        Cursor self = this;
        string text = Variables.Expand(node.Value ?? "", Context.Environment, Report, out bool expanded);
        ScalarKind kind = expanded ? ScalarKind.Expanded
            : node.Style == ScalarStyle.Plain ? ScalarKinds.OfPlain(text)
            : ScalarKind.Text;
        scalar = new ScalarValue(text, kind);
        return whole;

        void Report(int ordinal, string message, string suggestion)
        {
            whole = false;
            (int line, int column) = self.PlaceOfVariable(ordinal);
            self.Context.Diagnostics.Error(line, column, self.Path, message, suggestion);
        }
    }

    /// <summary>Fails with "expected ..., found ...".</summary>
    public bool Unexpected<T>(string expected, string? suggestion, [MaybeNullWhen(false)] out T value)
    {
        Error($"expected {expected}, found {Found}", suggestion);
        value = default;
        return false;
    }

    private Cursor? Step(string step)
    {
        if (step.EndsWith(']'))
        {
            int index = int.Parse(step.AsSpan(0, step.Length - 1), CultureInfo.InvariantCulture);
            return Node is YamlSequenceNode list && index < list.Children.Count ? Item(index, list.Children[index]) : null;
        }
        return Node is YamlMappingNode map && map.Children.TryGetValue(step, out YamlNode? value) ? Key(step, value) : null;
    }

    // Escapes and folded lines make a scalar's text differ from its source; the count of ${ is the same in both.
    private (int Line, int Column) PlaceOfVariable(int ordinal)
    {
        string text = Context.Source.Text;
        int at = (int)Start.Index;
        for (int seen = 0; at < Node.End.Index; at++, seen++)
        {
            at = text.IndexOf("${", at, StringComparison.Ordinal);
            if (at < 0 || at >= Node.End.Index) break;
            if (seen == ordinal) return Context.Source.Position(at);
        }
        return ((int)Start.Line, (int)Start.Column);
    }
}
