using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>One of many words, which are listed elsewhere.</summary>
/// <param name="thing">What a word is called.</param>
/// <param name="where">Where people find them.</param>
/// <param name="words">All of them.</param>
internal sealed class WordType(string thing, string where, IReadOnlyList<string> words) : TextType<string>
{
    public override string Description => $"a {thing} ({where})";

    protected override string Pattern => $"^({string.Join('|', words)})$";

    public override Parsed<string> Parse(string text) => words.Contains(text)
        ? text
        : new Problem($"there is no {thing} `{Quote.Text(text)}`", Nearest.DidYouMean(text, words) ?? $"there are {string.Join(", ", words.Select(word => $"`{word}`"))}");

    public override string Format(string value) => value;
}
