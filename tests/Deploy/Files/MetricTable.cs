using System.Text.RegularExpressions;

namespace Sluice.Deploy.Tests.Files;

/// <summary>
/// The metrics as Prometheus names them, each with its labels, from the table of docs/metrics.md, which ProxyHost.Tests holds against the
/// instruments.
/// </summary>
internal static partial class MetricTable
{
    // What Prometheus itself knows a target by, and the bound of a bucket.
    private static readonly string[] Always = ["job", "instance", "le"];

    // The runtime's own, which OpenTelemetry's instrumentation names.
    private static readonly Dictionary<string, string[]> Runtime = new()
    {
        ["dotnet_process_memory_working_set_bytes"] = [],
        ["dotnet_gc_last_collection_heap_size_bytes"] = ["gc_heap_generation"],
        ["dotnet_process_cpu_time_seconds_total"] = ["cpu_mode"],
    };

    /// <summary>Labels by name, with the three series of each histogram.</summary>
    public static Dictionary<string, string[]> Metrics { get; } = Read();

    /// <summary>The runtime's metrics that somebody here uses.</summary>
    public static IEnumerable<string> RuntimeNames => Runtime.Keys;

    /// <summary>Whatever an expression names that is no metric, and labels that its metrics do not have.</summary>
    public static IEnumerable<string> Unknown(string expression)
    {
        string[] names = [.. Name().Matches(expression).Select(match => match.Value).Distinct()];
        if (names.Length == 0)
            yield return $"no metric in {expression}";
        foreach (string name in names.Where(name => !Metrics.ContainsKey(name)))
            yield return name;
        string[] labels = [.. names.Where(Metrics.ContainsKey).SelectMany(name => Metrics[name]), .. Always];
        foreach (string label in Grouped().Matches(expression).SelectMany(match => match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries)))
        {
            if (!labels.Contains(label))
                yield return $"{label} in {expression}";
        }

        foreach (Match selector in Selector().Matches(expression))
        {
            foreach (string label in Matcher().Matches(selector.Groups["in"].Value).Select(match => match.Groups[1].Value))
            {
                if (!Always.Contains(label) && !Metrics.GetValueOrDefault(selector.Groups["name"].Value, []).Contains(label))
                    yield return $"{label} of {selector.Groups["name"].Value}";
            }
        }
    }

    private static Dictionary<string, string[]> Read()
    {
        var metrics = new Dictionary<string, string[]>(Runtime);
        foreach (Match row in Row().Matches(Repository.Read("docs/metrics.md")))
        {
            string unit = row.Groups["unit"].Value switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
            string name = row.Groups["name"].Value.Replace('.', '_') + unit;
            string[] labels = [.. Code().Matches(row.Groups["labels"].Value).Select(label => label.Groups[1].Value.Replace('.', '_'))];
            foreach (string series in row.Groups["kind"].Value switch
            {
                "Counter" => (string[])[name + "_total"],
                "Histogram" => [name + "_bucket", name + "_count", name + "_sum"],
                _ => [name],
            })
                metrics[series] = labels;
        }

        return metrics;
    }

    [GeneratedRegex(@"^\| `(?<name>sluice\.[\w.]+)` \| (?<kind>\w+) \| `(?<unit>[^`]+)` \| (?<labels>[^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\b(sluice|dotnet)_\w+")]
    private static partial Regex Name();

    [GeneratedRegex(@"\b(?:by|without|on|ignoring) \(([^)]*)\)")]
    private static partial Regex Grouped();

    [GeneratedRegex(@"(?<name>\b(?:sluice|dotnet)_\w+)\{(?<in>[^}]*)\}")]
    private static partial Regex Selector();

    [GeneratedRegex("""(\w+)\s*(?:=~|!~|!=|=)\s*"(?:[^"\\]|\\.)*""")]
    private static partial Regex Matcher();
}
