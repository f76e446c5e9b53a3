using System.Text.RegularExpressions;

namespace Sluice.Architecture.Tests;

/// <summary>Whatever a page of the checkout leads to within it is there.</summary>
public sealed partial class LinkTests
{
    private static readonly string[] Generated = ["bin", "obj", ".git"];

    [Fact]
    public void EveryRelativeLinkLeadsToAFileOrAFolder()
    {
        (string Page, string Text)[] pages = [.. Pages()];
        Assert.Contains(pages, page => page.Page == "README.md");
        Assert.Empty(pages.SelectMany(page => Links(page.Text).Where(link => !IsThere(page.Page, link)).Select(link => $"{page.Page}: {link}")));
    }

    [Fact]
    public void EveryAnchorOfALinkIsAHeading()
    {
        Dictionary<string, HashSet<string>> headings = Pages().ToDictionary(page => page.Page, page => Headings(page.Text));
        (string From, string To, string Anchor)[] links =
            [.. from page in Pages() from link in Links(page.Text) where link.Contains('#') select (page.Page, PathOf(page.Page, link), link.Split('#')[1])];
        Assert.NotEmpty(links);
        Assert.Empty(links.Where(link => headings.TryGetValue(link.To, out HashSet<string>? there) && !there.Contains(link.Anchor))
            .Select(link => $"{link.From}: {link.To}#{link.Anchor}"));
    }

    private static IEnumerable<(string Page, string Text)> Pages() =>
        from path in Directory.EnumerateFiles(Source.Root, "*.md", SearchOption.AllDirectories)
        let relative = Path.GetRelativePath(Source.Root, path)
        where !relative.Split('/').Any(Generated.Contains)
        select (relative, Code().Replace(File.ReadAllText(path), ""));

    private static IEnumerable<string> Links(string text) => Link().Matches(text).Select(match => match.Groups[1].Value).Where(link => !Elsewhere().IsMatch(link));

    private static bool IsThere(string page, string link) => Path.Exists(Path.Combine(Source.Root, PathOf(page, link)));

    // From the checkout's root. Only an anchor: the page itself.
    private static string PathOf(string page, string link) => link.StartsWith('#')
        ? page
        : Path.GetRelativePath(Source.Root, Path.GetFullPath(Path.Combine(Source.Root, Path.GetDirectoryName(page)!, link.Split('#')[0])));

    // As GitHub makes them: small letters, no punctuation, hyphens for spaces.
    private static HashSet<string> Headings(string text) =>
        [.. Heading().Matches(text).Select(match => Punctuation().Replace(match.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'))];

    [GeneratedRegex(@"^ *```.*?^ *```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Code();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^[a-z]+:")]
    private static partial Regex Elsewhere();

    [GeneratedRegex("^#{1,6} (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Punctuation();
}
