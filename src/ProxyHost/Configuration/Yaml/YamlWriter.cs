using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sluice.ProxyHost.Configuration.Yaml;

/// <summary>
/// Writes a tree of values as block-style YAML. A string is plain only where no YAML reader could take it for anything
/// else; otherwise it stands in double quotes.
/// </summary>
internal static partial class YamlWriter
{
    public static string Write(JsonNode? root)
    {
        var to = new StringBuilder();
        Block(to, root, indent: 0);
        return to.ToString();
    }

    /// <summary>A scalar, or a list in flow style: what fits on one line.</summary>
    public static string Inline(JsonNode? node) => node switch
    {
        null => "null",
        JsonArray list => $"[{string.Join(", ", list.Select(Inline))}]",
        JsonValue value when value.TryGetValue(out string? text) => Text(text),
        _ => node.ToJsonString(),
    };

    private static void Block(StringBuilder to, JsonNode? node, int indent)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } map:
                foreach ((string key, JsonNode? value) in map)
                {
                    Margin(to, indent).Append(key).Append(':');
                    Value(to, value, indent + 2);
                }
                break;
            case JsonArray { Count: > 0 } list:
                foreach (JsonNode? item in list)
                {
                    Margin(to, indent).Append('-');
                    Value(to, item, indent + 2);
                }
                break;
            default:
                Margin(to, indent).Append(Inline(node)).Append('\n');
                break;
        }
    }

    /// <summary>What follows a key's colon or an item's dash: the same line for a scalar, or a block of its own.</summary>
    private static void Value(StringBuilder to, JsonNode? value, int indent)
    {
        if (value is not (JsonObject { Count: > 0 } or JsonArray { Count: > 0 }))
        {
            to.Append(' ').Append(Inline(value)).Append('\n');
            return;
        }
        bool afterDash = to[^1] == '-';
        int start = to.Length;
        to.Append('\n');
        Block(to, value, indent);
        // The first key of a mapping in a list stands beside its dash.
        if (afterDash) to.Remove(start, 1 + indent).Insert(start, ' ');
    }

    private static StringBuilder Margin(StringBuilder to, int indent) => to.Append(' ', indent);

    private static string Text(string value)
    {
        string text = Variables.Escape(value);
        bool plain = Plain().IsMatch(text) && ScalarKinds.OfPlain(text) == ScalarKind.Text;
        return plain ? text : Quoted(text);
    }

    private static string Quoted(string text)
    {
        var to = new StringBuilder("\"");
        foreach (char c in text)
        {
            if (c is '"' or '\\') to.Append('\\').Append(c);
            else if (c is '\r' or '\n' or '\t') to.Append(c switch { '\r' => "\\r", '\n' => "\\n", _ => "\\t" });
            else if (char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF') to.Append($"\\u{(int)c:x4}");
            else to.Append(c);
        }
        return to.Append('"').ToString();
    }

    [GeneratedRegex(@"^[A-Za-z0-9/._](?:[A-Za-z0-9/._@:$-]*[A-Za-z0-9/._-])?\z")]
    private static partial Regex Plain();
}
