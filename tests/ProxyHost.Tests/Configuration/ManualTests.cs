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
        string[] missing = [.. Rows(RootSection.Type.Keys, "").Where(row => !manual.Contains(row, StringComparison.Ordinal))];
        Assert.True(missing.Length == 0, $"docs/configuration.md lacks these rows:\n{string.Join('\n', missing)}");
    }

    [Fact]
    public void The_manual_has_no_row_of_a_key_that_does_not_exist()
    {
        string[] rows = [.. Rows(RootSection.Type.Keys, "")];
        string[] stale = [.. Repository.Read("docs/configuration.md").Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal) && !rows.Contains(line))];
        Assert.Empty(stale);
    }

    private static IEnumerable<string> Rows(IEnumerable<Key> keys, string path)
    {
        foreach (Key key in keys)
        {
            (IReadOnlyList<Key> below, bool ofItems) = key.Below;
            if (below.Count == 0)
                yield return $"| `{path}{key.Name}` | {key.Description} | {(key.IsRequired ? "required" : $"`{key.DefaultText}`")} | `{key.Name}: {key.Example}` | {key.Summary} |";
            foreach (string row in Rows(below, $"{path}{key.Name}{(ofItems ? "[]" : "")}.")) yield return row;
        }
    }
}
