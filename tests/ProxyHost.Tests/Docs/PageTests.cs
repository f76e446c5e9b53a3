using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Configuration.Sections;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.ProxyHost.Tests.Configuration;

namespace Sluice.ProxyHost.Tests.Docs;

/// <summary>Holds the pages against the reader, the tables and the files.</summary>
public class PageTests
{
    public static TheoryData<string> Pages => [.. Markdown.Pages];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_configuration_on_a_page_is_a_good_one(string page)
    {
        foreach ((int line, string yaml) in Markdown.Configurations(page))
        {
            ConfigReadResult read = ConfigReader.Read(yaml, $"{page}, from line {line}", _ => null);
            Assert.Empty(read.Errors);
            Assert.Empty(read.Warnings);
        }
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/configuration.md")]
    [InlineData("docs/programs.md")]
    public void Pages_that_teach_configuring_show_one(string page) => Assert.NotEmpty(Markdown.Configurations(page));

    [Fact]
    public void Every_piece_of_a_program_on_its_page_is_a_good_one()
    {
        (int Line, string Yaml)[] pieces = [.. Markdown.Pieces("docs/programs.md")];
        Assert.NotEmpty(pieces);
        Assert.All(pieces, piece => Assert.Empty(ConfigReader.Read(Around(piece.Yaml), $"docs/programs.md, line {piece.Line}", _ => null).Errors));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_into_the_project_leads_somewhere(string page)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        Assert.All(Markdown.Links(page), to => Assert.True(Path.Exists(Path.Combine(folder, to)), $"{page} links to {to}, which is not there"));
    }

    [Fact]
    public void The_readme_tells_the_defaults_that_are_in_force()
    {
        Dictionary<string, string> defaults = Defaults(RootSection.Type.Keys, "").ToDictionary();
        (string Key, string Default)[] told = [.. Markdown.Rows("README.md").Where(row => row.Length == 3)
            .Select(row => (Key: row[2].Trim('`'), Default: row[1].Trim('`'))).Where(row => defaults.Keys.Any(key => Names(row.Key, key)))];
        Assert.Equal(9, told.Length);
        foreach ((string key, string value) in told)
            Assert.All(defaults.Where(known => Names(key, known.Key)), known => Assert.Equal((known.Key, known.Value), (known.Key, value)));
    }

    [Fact]
    public void The_table_of_limits_tells_the_defaults_that_are_in_force()
    {
        Dictionary<string, string> defaults = Defaults(RootSection.Type.Keys, "").ToDictionary();
        (string Key, string Default)[] told = [.. Markdown.Rows("docs/limits.md").Where(row => row.Length == 5)
            .Select(row => (Key: row[2].Trim('`'), Default: row[1].Trim('`'))).Where(row => defaults.ContainsKey(row.Key))];
        Assert.True(told.Length > 20, $"only {told.Length} of the limits have a default");
        Assert.All(told, row => Assert.Equal((row.Key, defaults[row.Key]), row));
    }

    /// <summary>A configuration around what a page shows alone: rules, a rule's conditions, or keys of a program.</summary>
    private static string Around(string piece)
    {
        string program = piece.Split(':')[0] switch
        {
            "- name" => $"rules:\n{piece}",
            "when" => $"rules:\n  - name: r\n    verdict: drop\n{Indented(piece, "    ")}",
            _ => $"rules: [{{ name: r, verdict: pass }}]\n{piece}",
        };
        return Reading.Minimal + "  - { name: shard-b, endpoints: [10.0.0.2:80] }\nprograms:\n  - name: p\n" + Indented(program, "    ");
    }

    private static string Indented(string text, string by) => string.Concat(text.TrimEnd().Split('\n').Select(line => $"{by}{line}\n"));

    // The README leaves out what a key of a list is below.
    private static bool Names(string told, string key) => key == told || key.EndsWith("[]." + told, StringComparison.Ordinal);

    private static IEnumerable<KeyValuePair<string, string>> Defaults(IEnumerable<Key> keys, string path) => keys.SelectMany(key =>
    {
        (IReadOnlyList<Key> below, bool ofItems) = key.Below;
        return below.Count > 0 ? Defaults(below, $"{path}{key.Name}{(ofItems ? "[]" : "")}.")
            : key.DefaultText is { } text ? [new($"{path}{key.Name}", text)] : [];
    });
}
