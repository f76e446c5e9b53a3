using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Configuration.Changes;
using Sluice.ProxyHost.Configuration.Sections;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.ProxyHost.Tests.Docs;

namespace Sluice.ProxyHost.Tests.Configuration;

/// <summary>Which keys a reload takes over: what the tables say, the page says, and what becomes of another value.</summary>
public class ReloadableKeysTests
{
    // Of a few keys the example is what they are anyway.
    private static readonly Dictionary<string, string> OtherValues = new() { ["admin.listen"] = "127.0.0.1:9903", ["runtime.reactors"] = "255" };

    public static TheoryData<string> Settings => [.. FixedSettings.All.Select(key => key.Path).Where(path => !path.Contains("[]", StringComparison.Ordinal))];

    [Fact]
    public void The_page_tells_of_every_key()
    {
        Assert.Equal(Keys(isReloadable: true), Told("A reload"));
        Assert.Equal(Keys(isReloadable: false), Told("A restart or an upgrade"));
    }

    [Fact]
    public void Every_key_is_one_or_the_other()
    {
        string[] known = [.. FixedSettings.All.Select(key => key.Path)];
        foreach (Key root in RootSection.Type.Keys)
            Assert.All(Leaves(root, root.Name, inItem: false), path => Assert.Contains(path, known));
        Assert.Equal(known.Length, known.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Another_value_is_taken_over_or_refused_with_its_key_and_both_values(string path)
    {
        (string section, string[] below) = path.Split('.') is [var first, .. var rest] ? (first, rest) : default;
        string value = OtherValues.GetValueOrDefault(path) ?? Find(RootSection.Type.Keys, path.Split('.')).Example!;
        SluiceConfig changed = Reading.Good($"{Reading.Minimal}{section}: {string.Concat(below.Select(key => $"{{ {key}: "))}{value}{string.Concat(below.Select(_ => " }"))}\n");
        ConfigChange[] changes = [.. new ConfigParts(changed).Since(new ConfigParts(Reading.Good(Reading.Minimal)))];
        Assert.NotEmpty(changes);
        string[] errors = [.. FixedSettings.Errors(changes)];
        if (FixedSettings.All.Single(key => key.Path == path).IsReloadable)
        {
            Assert.Empty(errors);
            return;
        }

        ConfigChange change = Assert.Single(changes, change => change.Name == path);
        Assert.NotEqual(change.Before, change.After);
        Assert.StartsWith($"{path}: {change.Before ?? "nothing"} is in force and {change.After} in the file, which takes a restart, or an upgrade", Assert.Single(errors), StringComparison.Ordinal);
    }

    private static string[] Keys(bool isReloadable) => [.. FixedSettings.All.Where(key => key.IsReloadable == isReloadable).Select(key => key.Path)];

    private static string[] Told(string by) =>
        [.. Assert.Single(Markdown.Rows("docs/operations.md"), row => row[0] == by)[1].Split(", ").Select(key => key.Trim('`'))];

    private static IEnumerable<string> Leaves(Key key, string path, bool inItem)
    {
        (IReadOnlyList<Key> below, bool ofItems) = key.Below;
        return below.Count == 0 || inItem ? [path] : below.SelectMany(lower => Leaves(lower, $"{path}{(ofItems ? "[]" : "")}.{lower.Name}", ofItems));
    }

    private static Key Find(IEnumerable<Key> keys, string[] path)
    {
        Key key = keys.First(key => key.Name == path[0]);
        return path.Length == 1 ? key : Find(key.Below.Keys, path[1..]);
    }
}
