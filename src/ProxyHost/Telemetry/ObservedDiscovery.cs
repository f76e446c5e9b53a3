using System.Diagnostics.Metrics;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Model.Discovery;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>What is measured of look-ups of names, looked at when somebody collects.</summary>
internal sealed class ObservedDiscovery(ProxyModel model)
{
    /// <summary>The instruments of a meter.</summary>
    public void AddTo(Meter meter)
    {
        meter.CreateObservableCounter("sluice.discovery.lookups", Lookups, "{lookup}", "Look-ups of a name that have ended.");
        meter.CreateObservableUpDownCounter("sluice.discovery.endpoints", Endpoints, "{endpoint}", "Addresses that the name leads to.");
        meter.CreateObservableGauge("sluice.discovery.answer_age", Ages, "s", "Time since the last good answer for the name.");
    }

    private IEnumerable<Measurement<long>> Lookups() =>
        from one in Names()
        from failure in Enum.GetValues<LookupFailure>()
        where failure == LookupFailure.None || one.Name.Lookups(failure) > 0
        select new Measurement<long>(
            one.Name.Lookups(failure),
            failure == LookupFailure.None ? one.Tags : [.. one.Tags, new Tag("error.type", failure.Name())]);

    private IEnumerable<Measurement<long>> Endpoints() =>
        Names().Select(one => new Measurement<long>(one.Name.Standing.Addresses.Length, one.Tags));

    private IEnumerable<Measurement<double>> Ages() =>
        from one in Names()
        let standing = one.Name.Standing
        where standing.AnsweredAt is not null
        select new Measurement<double>(TimeProvider.System.GetElapsedTime(standing.AnswerStamp).TotalSeconds, one.Tags);

    private IEnumerable<(DiscoveredName Name, Tag[] Tags)> Names() =>
        from cluster in model.Clusters
        from name in cluster.Discovery?.Names ?? []
        select (name, new Tag[] { new("cluster", cluster.Config.Name), new("name", name.Text) });
}
