using Sluice.ProxyHost.Configuration.Sections;
using Sluice.ProxyHost.Configuration.Types;

namespace Sluice.ProxyHost.Tests.Configuration;

/// <summary>Holds docs/configuration.md against the tables.</summary>
public class ManualTests
{
    [Fact]
    public void Every_key_has_its_row_in_the_manual()
    {
        string manual = Repository.Read("docs/configuration.md");
        string[] missing = [.. AllRows().Where(row => !manual.Contains(row, StringComparison.Ordinal))];
        Assert.True(missing.Length == 0, $"docs/configuration.md lacks these rows:\n{string.Join('\n', missing)}");
    }

    [Fact]
    public void The_manual_has_no_row_of_a_key_that_does_not_exist()
    {
        string[] rows = [.. AllRows()];
        string[] stale = [.. Repository.Read("docs/configuration.md").Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal) && !rows.Contains(line))];
        Assert.Empty(stale);
    }

    private static IEnumerable<string> AllRows() =>
        Rows(RootSection.Type.Keys, "").Concat(RootSection.Definitions.SelectMany(shared => Rows(shared.Keys, shared.Name + ".")));

    private static IEnumerable<string> Rows(IEnumerable<Key> keys, string path)
    {
        foreach (Key key in keys)
        {
            (IReadOnlyList<Key> below, bool ofItems) = key.Below;
            // What is only ever written as keys of its own has no example, and its keys have the rows.
            if (key.Example is not null)
                yield return $"| `{path}{key.Name}` | {Cell(key.Description)} | {(key.IsRequired ? "required" : key.DefaultText is { } text ? $"`{text}`" : "none")} | `{key.Name}: {key.Example}` | {key.Summary} |";
            // The keys of u16, u32 and u64 are those of u8, and the keys of `otherwise` those of a rule: the page has them once.
            if (key.Name is "u16" or "u32" or "u64" or "otherwise") continue;
            foreach (string row in Rows(below, $"{path}{key.Name}{(ofItems ? "[]" : "")}.")) yield return row;
        }
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
