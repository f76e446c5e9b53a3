using System.Text;

namespace Sluice.ProxyHost.Configuration.Yaml;

/// <summary>
/// Fills in environment variables: <c>${NAME}</c>, <c>${NAME:-default}</c> where the default also stands in for an empty
/// value as in the shell, and <c>$${</c> for a literal <c>${</c>. What is filled in is text and nothing more: it is never
/// parsed again, neither as YAML nor for further variables.
/// </summary>
internal static class Variables
{
    /// <param name="text">A scalar's text.</param>
    /// <param name="environment">The value of a variable, or null when it is unset.</param>
    /// <param name="report">Takes a mistake: the ordinal, from 0, of its <c>${</c> in the text, what is wrong, and what to do.</param>
    /// <param name="expanded">Whether a variable took part.</param>
    public static string Expand(string text, Func<string, string?> environment, Action<int, string, string> report, out bool expanded)
    {
        expanded = false;
        if (!text.Contains("${", StringComparison.Ordinal)) return text;
        var result = new StringBuilder(text.Length);
        int ordinal = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (At(text, i, "$${"))
            {
                result.Append("${");
                i += 2;
                ordinal++;
            }
            else if (At(text, i, "${"))
            {
                expanded = true;
                int end = text.IndexOf('}', i);
                if (end < 0)
                {
                    report(ordinal, "`${` without its `}`", "close it, or write `$${` for a literal `${`");
                    break;
                }
                int at = ordinal++;
                result.Append(Value(text[(i + 2)..end], environment, (message, suggestion) => report(at, message, suggestion)));
                i = end;
            }
            else
            {
                result.Append(text[i]);
            }
        }
        return result.ToString();
    }

    /// <summary>The inverse for printing: a text that <see cref="Expand"/> turns into the given one.</summary>
    public static string Escape(string text) => text.Replace("${", "$${", StringComparison.Ordinal);

    private static string? Value(string inside, Func<string, string?> environment, Action<string, string> report)
    {
        int colon = inside.IndexOf(":-", StringComparison.Ordinal);
        string name = colon < 0 ? inside : inside[..colon];
        string? fallback = colon < 0 ? null : inside[(colon + 2)..];
        if (!IsName(name))
            report($"`{Quote.Text(name)}` is not the name of a variable", "write ${NAME} or ${NAME:-default}, or `$${` for a literal `${`");
        else if (fallback?.Contains("${", StringComparison.Ordinal) == true)
            report($"the default of `{name}` holds a variable itself", "defaults are plain text");
        else if (environment(name) is { } value && (value.Length > 0 || fallback is null))
            return value;
        else if (fallback is null)
            report($"the environment variable `{name}` is not set", $"set it, or give a default: ${{{name}:-default}}");
        return fallback;
    }

    private static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static bool At(string text, int index, string what) => string.CompareOrdinal(text, index, what, 0, what.Length) == 0;
}
