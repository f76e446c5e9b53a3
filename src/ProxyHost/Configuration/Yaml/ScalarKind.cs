using System.Text.RegularExpressions;

namespace Sluice.ProxyHost.Configuration.Yaml;

/// <summary>What a scalar is by YAML 1.2's core schema, which editors and JSON Schema validators go by as well.</summary>
internal enum ScalarKind
{
    /// <summary>Nothing, ~ or null.</summary>
    Null,
    /// <summary>true or false, not in quotes.</summary>
    Boolean,
    /// <summary>A number, not in quotes.</summary>
    Number,
    /// <summary>Everything else, and everything in quotes.</summary>
    Text,
    /// <summary>A variable took part: what it is depends on who reads it, not on the quotes that flow style forces.</summary>
    Expanded,
}

/// <summary>Tells the kind of a scalar from its text.</summary>
internal static partial class ScalarKinds
{
    public static ScalarKind OfPlain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => ScalarKind.Null,
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => ScalarKind.Boolean,
        _ => Number().IsMatch(text) ? ScalarKind.Number : ScalarKind.Text,
    };

    [GeneratedRegex(@"^([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z")]
    private static partial Regex Number();
}
