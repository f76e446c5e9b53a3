using System.Text.RegularExpressions;
using Sluice.ProxyHost.Tests.Configuration;

namespace Sluice.ProxyHost.Tests.Docs;

/// <summary>The project's pages, and what of them can be held against the code.</summary>
internal static partial class Markdown
{
    /// <summary>README.md and everything below docs, relative to the checkout.</summary>
    public static string[] Pages { get; } =
    [
        "README.md",
        .. Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(page => Path.GetRelativePath(Repository.Root, page)).Order(StringComparer.Ordinal),
    ];

    /// <summary>Fenced blocks marked as YAML that are configurations, each with the line its text begins on.</summary>
    public static IEnumerable<(int Line, string Yaml)> Configurations(string page) =>
        Blocks(page).Where(block => block.Yaml.Contains("listeners:", StringComparison.Ordinal));

    /// <summary>Those that are none: pieces of one.</summary>
    public static IEnumerable<(int Line, string Yaml)> Pieces(string page) =>
        Blocks(page).Where(block => !block.Yaml.Contains("listeners:", StringComparison.Ordinal));

    /// <summary>Fenced blocks that show a command of sluice and what it prints.</summary>
    public static IEnumerable<string> Transcripts(string page) =>
        TranscriptBlock().Matches(Repository.Read(page)).Select(block => block.Groups["text"].Value);

    /// <summary>Link targets inside the project, without anchors.</summary>
    public static IEnumerable<string> Links(string page) =>
        Link().Matches(Repository.Read(page)).Select(link => link.Groups["to"].Value)
            .Where(to => !to.Contains("://", StringComparison.Ordinal) && to.Length > 0);

    /// <summary>The cells of every table row.</summary>
    public static IEnumerable<string[]> Rows(string page) =>
        Repository.Read(page).Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split(" | ", StringSplitOptions.TrimEntries));

    private static IEnumerable<(int Line, string Yaml)> Blocks(string page)
    {
        string text = Repository.Read(page);
        return YamlBlock().Matches(text).Select(block => (text.AsSpan(0, block.Groups["yaml"].Index).Count('\n') + 1, block.Groups["yaml"].Value));
    }

    [GeneratedRegex(@"^```yaml\n(?<yaml>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex YamlBlock();

    [GeneratedRegex(@"^```\n(?<text>\$ sluice .*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex TranscriptBlock();

    [GeneratedRegex(@"\]\((?<to>[^)#\s]*)(#[^)]*)?\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();
}
