using System.Text.RegularExpressions;

namespace Sluice.Architecture.Tests;

/// <summary>Rules about the text itself.</summary>
public sealed partial class TextTests
{
    private const int MostLines = 300;

    public static TheoryData<string> Folders => ["src", "tests", "bench"];

    [Fact]
    public void NoFileOfTheSourceIsLong() => Assert.DoesNotContain(
        Source.Files("src").Select(file => (file.Path, Lines: file.Text.Count(c => c == '\n'))), file => file.Lines > MostLines);

    [Fact]
    public void UnsafeCodeStaysInTheLinuxFolder() => Assert.DoesNotContain(
        Source.Files("src").Where(file => Unsafe().IsMatch(file.Code)).Select(file => file.Path),
        path => !path.StartsWith("src/Redirect/Linux/", StringComparison.Ordinal));

    [Fact]
    public void NoTypeIsNamedByARelativeNoun() => Assert.DoesNotContain(
        Source.Files("src").SelectMany(file => RelativeNoun().Matches(file.Code).Select(match => $"{file.Path}: {match.Groups[1].Value}")),
        _ => true);

    /// <summary>The time of day can be set, so it is only told: limits, ages and intervals go by timestamps. Whoever reads it is on this list.</summary>
    [Fact]
    public void TheTimeOfDayIsToldAndNeverMeasuredWith() => Assert.Equal(
        [
            "src/ProxyHost/Cli/Top/TopState.cs", // since when the daemon has not answered
            "src/ProxyHost/Hosting/ProxyService.cs", // how long the process took to start, which only the kernel's time of day knows
            "src/ProxyHost/Logging/JsonFormatter.cs", "src/ProxyHost/Logging/TextFormatter.cs",
            "src/ProxyHost/Model/ClusterState.cs", "src/ProxyHost/Model/Discovery/DiscoveredName.cs",
            "src/ProxyHost/Reloading/ReloadHistory.cs", "src/ProxyHost/Reloading/Reloader.cs",
            "src/ProxyHost/Telemetry/FlightRecorder.cs", "src/ProxyHost/Upstreams/Discovery/NameWatch.cs",
            "src/Redirect/Reactors/ConnectionIds.cs", // where the numbers of connections begin
        ],
        Source.Files("src").Where(file => file.Code.Contains("UtcNow", StringComparison.Ordinal)).Select(file => file.Path).Order(StringComparer.Ordinal));

    [Fact]
    public void EveryTestThatAPromiseNamesExists()
    {
        string[] named = [.. TestName().Matches(File.ReadAllText(Path.Combine(Source.Root, "docs/reliability.md"))).Select(match => match.Value.Trim('`'))];
        var files = Source.Files("tests").ToLookup(file => Path.GetFileNameWithoutExtension(file.Path), file => file.Code);
        Assert.NotEmpty(named);
        Assert.DoesNotContain(named, name => !files[name.Split('.')[0]].Any(code => code.Contains($" {name.Split('.')[1]}(", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void NothingIsLeftForLater(string folder) => Assert.DoesNotContain(
        Source.Files(folder).Where(file => !file.Path.EndsWith(nameof(TextTests) + ".cs", StringComparison.Ordinal)),
        file => Later().IsMatch(file.Text));

    [Theory]
    [MemberData(nameof(Folders))]
    public void EveryFileHasAFileScopedNamespaceOrTopLevelCode(string folder) => Assert.DoesNotContain(
        Source.Files(folder).Select(file => (file.Path, file.Code)), file => BlockNamespace().IsMatch(file.Code));

    [GeneratedRegex(@"`\w+Tests\.\w+`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"\bunsafe\b|\[(LibraryImport|DllImport)\b")]
    private static partial Regex Unsafe();

    [GeneratedRegex(@"\b(?:class|struct|record|interface|enum)\s+(\w*(?:Peer|Target)\w*)")]
    private static partial Regex RelativeNoun();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex Later();

    [GeneratedRegex(@"^namespace [\w.]+\s*\{", RegexOptions.Multiline)]
    private static partial Regex BlockNamespace();
}
