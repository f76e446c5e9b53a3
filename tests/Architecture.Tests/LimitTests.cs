using System.Text.RegularExpressions;

namespace Sluice.Architecture.Tests;

/// <summary>Holds docs/limits.md to its promise that a test reaches each limit.</summary>
public sealed partial class LimitTests
{
    private static readonly (string Limit, string Class, string Method)[] Told =
        [.. Row().Matches(File.ReadAllText(Path.Combine(Source.Root, "docs/limits.md"))).Select(row => (row.Groups[1].Value, row.Groups[2].Value, row.Groups[3].Value))];

    [Fact]
    public void EveryLimitNamesATestThatThereIs()
    {
        SourceFile[] tests = [.. Source.Files("tests")];
        Assert.True(Told.Length > 40, $"only {Told.Length} limits are told");
        Assert.All(Told, told => Assert.True(
            tests.Any(file => Path.GetFileNameWithoutExtension(file.Path) == told.Class && Runs(file, told.Method)), $"there is no test {told.Class}.{told.Method}"));
    }

    [Fact]
    public void EveryRowHasATest() =>
        Assert.Equal(Told.Length, File.ReadLines(Path.Combine(Source.Root, "docs/limits.md")).Count(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| Limit ", StringComparison.Ordinal)));

    // A method with an attribute that makes it a test, which nothing skips.
    private static bool Runs(SourceFile file, string method) =>
        Regex.Match(file.Code, $@"(?<attributes>(?:\[[^\n]*\]\s+)+)public (?:async )?(?:Task|void) {method}\b") is { Success: true } found
        && Regex.IsMatch(found.Groups["attributes"].Value, @"\[(Fact|Theory)\b") && !found.Groups["attributes"].Value.Contains("Skip", StringComparison.Ordinal);

    [GeneratedRegex(@"^\| ([^|]+) \| .* \| `(\w+)\.(\w+)` \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
