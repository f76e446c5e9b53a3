using System.Globalization;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Admin;

/// <summary>
/// Reads the parameters of a query. The first thing that is wrong is kept; a parameter that nobody has asked for is wrong as well,
/// since a filter that is misspelt would show everything, and a drain's would drain everything.
/// </summary>
internal sealed class QueryWords(IQueryCollection query)
{
    private const int MostNamed = 16;
    private readonly List<string> _known = [];
    private string? _problem;

    /// <summary>What was wrong, in words; null where nothing was. After everything was asked for.</summary>
    public string? Problem()
    {
        foreach (string name in query.Keys)
        {
            if (!_known.Contains(name))
                _problem ??= $"`{Quote.Text(name)}` is not a parameter; {Nearest.DidYouMean(name, _known) ?? $"there are {List(_known)}"}";
        }

        return _problem;
    }

    /// <summary>A parameter as it is; null where it is absent.</summary>
    public string? Text(string name)
    {
        _known.Add(name);
        if (!query.TryGetValue(name, out var values))
            return null;
        if (values.Count != 1 || values[0] is not { Length: > 0 } text)
        {
            _problem ??= $"{name}: give it one value, or leave it out";
            return null;
        }

        return text;
    }

    /// <summary>A parameter that is one of a few words; null where it is absent.</summary>
    public string? OneOf(string name, Func<IEnumerable<string>> words)
    {
        if (Text(name) is not { } text)
            return null;
        string[] known = [.. words().Distinct()];
        if (!known.Contains(text))
            _problem ??= $"{name}: there is no `{Quote.Text(text)}`; {Nearest.DidYouMean(text, known) ?? $"it may be {List(known)}"}";
        return text;
    }

    /// <summary>A parameter with a form of its own; false where it is absent or wrong.</summary>
    public bool TryParse<T>(string name, Func<string, Parsed<T>> parse, out T? value)
    {
        value = default;
        if (Text(name) is not { } text)
            return false;
        Parsed<T> parsed = parse(text);
        if (parsed.Problem is { } problem)
            _problem ??= $"{name}: {problem.Message}; {problem.Suggestion}";
        value = parsed.Value;
        return parsed.Problem is null;
    }

    /// <summary>A whole number from 1 on.</summary>
    public static Parsed<int> Number(string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= most
            ? number
            : new Problem($"`{Quote.Text(text)}` is not a number it may be", string.Create(CultureInfo.InvariantCulture, $"it may be 1 to {most}"));

    private static string List(IReadOnlyCollection<string> words) =>
        string.Join(", ", words.Take(MostNamed).Select(word => $"`{word}`")) + (words.Count > MostNamed ? ", …" : "");
}
