namespace Sluice.ProxyHost.Configuration.Yaml;

/// <summary>Makes foreign text fit for a message: short, one line, nothing a terminal would obey.</summary>
internal static class Quote
{
    private const int Longest = 80;

    /// <summary>The text with control characters replaced and what is too long left off.</summary>
    public static string Text(string text)
    {
        string clean = Visible(text);
        return clean.Length <= Longest ? clean : string.Concat(clean.AsSpan(0, Longest), "…");
    }

    /// <summary>The text with control characters, but for tabs, replaced; as long as before.</summary>
    public static string Visible(string text) =>
        string.Create(text.Length, text, (span, from) =>
        {
            for (int i = 0; i < span.Length; i++) span[i] = from[i] != '\t' && char.IsControl(from[i]) ? '\uFFFD' : from[i];
        });
}
