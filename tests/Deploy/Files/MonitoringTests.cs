using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Sluice.Deploy.Tests.Files;

/// <summary>Alerts, dashboard and collector, held against the metrics that there are and against the tools that read them.</summary>
public class MonitoringTests
{
    private const string Alerts = "deploy/prometheus/alerts.yaml";
    private static readonly string[] Processed = ["receivers", "processors", "exporters"];

    public static TheoryData<string> Collectors => ["deploy/otel/collector.yaml", "deploy/compose/collector.yaml"];

    [Fact]
    public void The_table_of_metrics_is_read()
    {
        Assert.Equal(["listener", "cluster", "direction", "data_path"], MetricTable.Metrics["sluice_io_bytes_total"]);
        Assert.Contains("sluice_client_connect_duration_seconds_bucket", MetricTable.Metrics.Keys);
        Assert.Equal(["sluice_io_total", "nobody in sum by (nobody) (sluice_cluster_panic)", "listener of sluice_cluster_panic"],
            MetricTable.Unknown("sluice_io_total").Concat(MetricTable.Unknown("sum by (nobody) (sluice_cluster_panic)")).Concat(MetricTable.Unknown("sluice_cluster_panic{listener=\"x\"}")));
    }

    [Fact]
    public void Alerts_name_metrics_and_labels_that_there_are() =>
        Assert.Empty(Rules().SelectMany(rule => MetricTable.Unknown(rule.Text("expr")!)));

    [Fact]
    public void Every_alert_says_what_and_how_bad_and_what_to_do() => Assert.All(Rules(), rule =>
    {
        Assert.Contains(rule.Text("labels/severity"), new[] { "critical", "warning", "info" });
        Assert.NotEmpty(rule.Text("annotations/summary")!);
        Assert.NotEmpty(rule.Text("annotations/description")!);
    });

    [Fact]
    public void What_the_page_says_to_alert_on_is_alerted_on()
    {
        int told = Repository.Read("docs/metrics.md").Split("## What to alert on")[1].Split('\n').Count(line => line.StartsWith("| ", StringComparison.Ordinal)) - 1;
        Assert.True(Rules().Count() >= told, $"the page has {told} alerts, {Alerts} {Rules().Count()}");
    }

    [Fact]
    public async Task Prometheus_takes_the_alerts_and_its_configuration()
    {
        await Command.RunAsync("promtool", "check", "rules", Alerts);
        await Command.RunAsync("promtool", "check", "config", "deploy/compose/prometheus.yaml");
    }

    [Fact]
    public async Task Each_alert_fires_when_it_should_and_keeps_calm_otherwise()
    {
        string tests = Repository.Read("deploy/prometheus/alerts_test.yaml");
        Assert.All(Rules(), rule => Assert.All(["fires", "keeps calm"], what => Assert.Contains($"- name: {rule.Text("alert")} {what}\n", tests, StringComparison.Ordinal)));
        await Command.RunAsync("promtool", "test", "rules", "deploy/prometheus/alerts_test.yaml");
    }

    [Fact]
    public void The_dashboard_names_metrics_and_labels_that_there_are()
    {
        string[] expressions = [.. Panels().SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(query => query.GetProperty("expr").GetString()!)];
        Assert.True(expressions.Length > 20);
        Assert.Empty(expressions.SelectMany(MetricTable.Unknown));
    }

    [Fact]
    public void The_dashboards_panels_do_not_overlap_and_their_legends_name_what_they_are_grouped_by()
    {
        var places = new HashSet<(int, int)>();
        foreach (JsonElement panel in Panels())
        {
            JsonElement at = panel.GetProperty("gridPos");
            for (int x = 0; x < at.GetProperty("w").GetInt32(); x++)
                Assert.True(places.Add((at.GetProperty("x").GetInt32() + x, at.GetProperty("y").GetInt32())), panel.GetProperty("title").GetString());
            foreach (JsonElement query in panel.GetProperty("targets").EnumerateArray())
            {
                string expression = query.GetProperty("expr").GetString()!;
                Assert.All(
                    Regex.Matches(query.GetProperty("legendFormat").GetString()!, @"\{\{(\w+)\}\}").Select(match => match.Groups[1].Value),
                    label => Assert.Matches($@"by \([^)]*\b{label}\b", expression));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Collectors))]
    public void Every_part_of_a_collector_is_used_and_every_part_that_is_used_is_there(string file)
    {
        YamlMappingNode root = Assert.Single(Yaml.Documents(file));
        string[] pipelines = [.. root.Keys("service/pipelines")];
        Assert.NotEmpty(pipelines);
        foreach (string part in Processed)
            Assert.Equal(root.Keys(part).Order(), pipelines.SelectMany(name => root.Items($"service/pipelines/{name}/{part}")).Select(item => item.ToString()).Distinct().Order());
        Assert.Equal(root.Keys("extensions"), root.Items("service/extensions").Select(item => item.ToString()));
        Assert.All(pipelines, name => Assert.NotEmpty(root.Items($"service/pipelines/{name}/receivers")));
        // What sluice is told to send to.
        Assert.EndsWith(":4318", root.Text("receivers/otlp/protocols/http/endpoint"), StringComparison.Ordinal);
    }

    private static IEnumerable<YamlNode> Rules() => Assert.Single(Yaml.Documents(Alerts)).Items("groups").SelectMany(group => group.Items("rules"));

    private static IEnumerable<JsonElement> Panels() =>
        JsonDocument.Parse(Repository.Read("deploy/grafana/sluice.json")).RootElement.GetProperty("panels").EnumerateArray()
            .Where(panel => panel.GetProperty("type").GetString() != "row");
}
