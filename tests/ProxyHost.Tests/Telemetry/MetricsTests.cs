using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Model.Discovery;
using Sluice.ProxyHost.Reloading;
using Sluice.ProxyHost.Telemetry;
using Sluice.ProxyHost.Tests.Hosting;
using Sluice.ProxyHost.Tests.Upstreams.Discovery;
using Sluice.Redirect;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Splicing;

namespace Sluice.ProxyHost.Tests.Telemetry;

public sealed partial class MetricsTests : IDisposable
{
    private static readonly RuleSet Program = new("guard", [new Rule("none", new AnyOf([]), new RuleAction(RuleVerdict.Drop))], new RuleAction(RuleVerdict.Pass));

    private readonly ProxyModel _model = new(Configs.Of(
        Configs.Cluster(endpoints: [Configs.Ip(1), Configs.Ip(2)]),
        Configs.Listener() with { Programs = new ProgramNames(FromClient: "guard"), Bandwidth = new BandwidthConfig(1000, null, 0, false) }) with { Programs = [Program] });
    private readonly ProxyMetrics _metrics;
    private readonly MeterListener _collector = new();
    private readonly Dictionary<string, Instrument> _instruments = [];
    private readonly List<(string Name, double Value, Dictionary<string, object?> Tags)> _measured = [];

    public MetricsTests()
    {
        _metrics = new ProxyMetrics(_model, new ReloadHistory(TimeProvider.System));
        _collector.InstrumentPublished = (instrument, collector) =>
        {
            if (instrument.Meter != _metrics.Meter)
                return;
            _instruments.Add(instrument.Name, instrument);
            collector.EnableMeasurementEvents(instrument);
        };
        _collector.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _collector.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _collector.Start();
    }

    private ListenerCluster Cluster => _model.Listeners[0].Clusters[0];

    public void Dispose()
    {
        _collector.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public void The_documentation_lists_every_instrument_with_kind_unit_and_attributes()
    {
        Discover();
        RecordEverything();
        string[] documented = [.. DocumentedRow().Matches(Repository.Read("docs/metrics.md"))
            .Select(row => $"{row.Groups["name"]} {row.Groups["kind"]} {row.Groups["unit"]} {string.Join(",", AttributeName().Matches(row.Groups["attributes"].Value).Select(m => m.Groups[1].Value).Order())}")];
        string[] existing = [.. _instruments.Values
            .Select(i => $"{i.Name} {Kind(i)} {i.Unit} {string.Join(",", _measured.Where(m => m.Name == i.Name).SelectMany(m => m.Tags.Keys).Distinct().Order())}")];
        Assert.Equal(existing.Order(), documented.Order());
    }

    private void Discover()
    {
        SluiceConfig config = _model.Config;
        ClusterConfig cluster = config.Clusters[0] with { Discovery = DiscoveryConfig.Default };
        config = config with { Clusters = [cluster with { Endpoints = [.. cluster.Endpoints, Configs.Name("db.example", 5432)] }] };
        _model.Use(new ModelSnapshot(config, _model.Offload, _model.Current));
        DiscoveredName name = _model.Clusters[0].Discovery!.Names[0];
        name.Record(FakeLookup.Good(1, "10.0.0.1:5432"), TimeProvider.System, TimeSpan.Zero);
        name.Record(LookupResult.Failed(LookupFailure.Timeout, ""), TimeProvider.System, TimeSpan.Zero);
    }

    [Fact]
    public void The_documentation_explains_every_end_reason_and_nothing_else()
    {
        IEnumerable<string> documented = Explained("## End reasons", "## Reasons for fallbacks");
        Assert.Equal(Enum.GetValues<EndReason>().Where(r => r != EndReason.None).Select(r => r.Name()).Order(), documented.Order());
    }

    [Fact]
    public void The_documentation_explains_every_reason_for_a_fallback_but_the_names_of_checks()
    {
        IEnumerable<string> documented = Explained("## Reasons for fallbacks", "## What to alert on");
        IEnumerable<string> existing = WireNames.OffloadRefusals.Select(reason => reason.Name())
            .Union([OffloadState.Pending, OffloadState.Calibration, OffloadState.Program, OffloadState.UnixSocket, OffloadState.Bandwidth]);
        Assert.Equal(existing.Order(), documented.Order());
    }

    [Fact]
    public void A_fallback_is_counted_under_its_reason()
    {
        _model.Offload.Fallback("seccomp").Add();
        _collector.RecordObservableInstruments();
        Assert.Equal(1, Assert.Single(_measured, m => m.Name == "sluice.offload.fallbacks" && m.Tags["reason"] is "seccomp").Value);
        Assert.Equal(0, Assert.Single(_measured, m => m.Name == "sluice.offload.fallbacks" && m.Tags["reason"] is "map_full").Value);
    }

    [Fact]
    public void Success_has_no_error_type_and_failure_names_its_reason()
    {
        ListenerMetrics listener = _metrics.For(_model.Listeners[0]);
        listener.Ended(Cluster, EndReason.Completed, TimeSpan.FromSeconds(2));
        listener.Ended(Cluster, EndReason.IdleTimeout, TimeSpan.FromSeconds(3));
        Assert.Equal((2.0, false), (_measured[0].Value, _measured[0].Tags.ContainsKey("error.type")));
        Assert.Equal((3.0, "idle_timeout"), (_measured[1].Value, _measured[1].Tags["error.type"]));
        Assert.All(_measured, m => Assert.Equal(("front", "back"), (m.Tags["listener"], m.Tags["cluster"])));
    }

    [Fact]
    public void Bytes_of_all_accept_loops_are_summed_by_direction_and_path()
    {
        ListenerCluster listener = _model.Listeners[0].Clusters[0];
        listener.Meter(0).Add(Direction.FromClient, DataPath.Copy, 5);
        listener.Meter(1).Add(Direction.FromClient, DataPath.Copy, 7);
        listener.Meter(1).Add(Direction.FromUpstream, DataPath.Splice, 11);
        _collector.RecordObservableInstruments();
        Assert.Equal(12, Io("from_client", "copy"));
        Assert.Equal(11, Io("from_upstream", "splice"));
        Assert.Equal(0, Io("from_client", "splice"));
    }

    [Fact]
    public void Live_counts_follow_the_model()
    {
        Cluster.Change(+1);
        _model.Clusters[0].Endpoints[1].Dialling();
        _model.Clusters[0].Endpoints[1].Opened();
        _collector.RecordObservableInstruments();
        Assert.Equal(1, Assert.Single(_measured, m => m.Name == "sluice.server.active_connections").Value);
        Assert.Equal([0.0, 1.0], _measured.Where(m => m.Name == "sluice.client.open_connections").Select(m => m.Value));
        Assert.Equal(2, Assert.Single(_measured, m => m.Name == "sluice.endpoint.count").Value);
    }

    [Fact]
    public void Every_combination_of_attributes_has_its_place_and_few_places_are_for_nothing()
    {
        var limits = new CardinalityLimits(_model.Config);
        ListenerMetrics listener = _metrics.For(_model.Listeners[0]);
        foreach (EndReason reason in Enum.GetValues<EndReason>())
        {
            listener.Ended(Cluster, reason, TimeSpan.Zero);
            listener.Rejected(Cluster, reason);
            listener.WouldReject(Cluster, reason);
            _metrics.WaitsFor(_model.Clusters[0]).Waited(TimeSpan.Zero, reason);
        }

        string[] errors = [.. Enum.GetNames<Errno>().Where(name => name.Contains("CONN", StringComparison.Ordinal) || name.Contains("NET", StringComparison.Ordinal)
            || name.Contains("HOST", StringComparison.Ordinal) || name is "EMFILE" or "ENFILE" or "ENOMEM" or "ENOBUFS" or "ETIMEDOUT" or "EACCES" or "EPERM" or "EADDRNOTAVAIL" or "ENOENT"), "name_resolution"];
        foreach (string error in errors)
        {
            listener.AcceptFailed(error);
            foreach (EndpointState endpoint in _model.Clusters[0].Endpoints)
            {
                EndpointMetrics recorded = _metrics.For(_model.Clusters[0], endpoint);
                recorded.Failed(error, TimeSpan.Zero);
                recorded.Checked(error);
            }
        }

        _collector.RecordObservableInstruments();
        foreach (string instrument in _instruments.Keys)
        {
            int combinations = _measured.Where(m => m.Name == instrument).Select(m => string.Join(",", m.Tags.Values)).Distinct().Count();
            Assert.InRange(limits.Of(instrument), combinations, combinations * 2);
            Assert.NotEqual(CardinalityLimits.Other, limits.Of(instrument));
        }
    }

    // The words in the first column of a section's table.
    private static IEnumerable<string> Explained(string from, string to)
    {
        string text = Repository.Read("docs/metrics.md");
        string section = text[text.IndexOf(from, StringComparison.Ordinal)..text.IndexOf(to, StringComparison.Ordinal)];
        string rows = section[section.IndexOf("|---", StringComparison.Ordinal)..];
        return rows.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => AttributeName().Matches(line.Split('|')[1]).Select(m => m.Groups[1].Value));
    }

    private void RecordEverything()
    {
        ListenerMetrics listener = _metrics.For(_model.Listeners[0]);
        listener.Ended(Cluster, EndReason.UpstreamReset, TimeSpan.FromSeconds(1));
        listener.Rejected(Cluster, EndReason.ListenerLimit);
        listener.WouldReject(Cluster, EndReason.SourceRate);
        listener.AcceptFailed("EMFILE");
        _metrics.WaitsFor(_model.Clusters[0]).Waited(TimeSpan.Zero, EndReason.QueueTimeout);
        _metrics.For(_model.Clusters[0], _model.Clusters[0].Endpoints[0]).Failed("ECONNREFUSED", TimeSpan.Zero);
        _metrics.For(_model.Clusters[0], _model.Clusters[0].Endpoints[0]).Checked("ETIMEDOUT");
        _collector.RecordObservableInstruments();
    }

    private double Io(string direction, string path) => Assert.Single(
        _measured, m => m.Name == "sluice.io" && (string?)m.Tags["direction"] == direction && (string?)m.Tags["data_path"] == path).Value;

    private static string Kind(Instrument instrument) => instrument.GetType().Name.Split('`')[0].Replace("Observable", "", StringComparison.Ordinal);

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Add((instrument.Name, value, tags.ToArray().ToDictionary()));

    [GeneratedRegex(@"^\| `(?<name>sluice\.[a-z._]+)` \| (?<kind>\w+) \| `(?<unit>[^`]+)` \| (?<attributes>[^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex DocumentedRow();

    [GeneratedRegex("`([a-z._]+)`")]
    private static partial Regex AttributeName();
}
