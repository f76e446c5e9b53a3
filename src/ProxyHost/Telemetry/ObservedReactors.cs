using System.Diagnostics.Metrics;
using Sluice.ProxyHost.Model;
using Sluice.Redirect.Reactors;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>What connections take of the reactors and of the maps, looked at when somebody collects: with no connection it is nothing.</summary>
internal sealed class ObservedReactors(ProxyModel model)
{
    /// <summary>The reactors, once there are any; the stock transport has none.</summary>
    public IReadOnlyList<Reactor> Reactors { get; set; } = [];

    /// <summary>The instruments of a meter.</summary>
    public void AddTo(Meter meter)
    {
        meter.CreateObservableUpDownCounter("sluice.reactor.timers", () => Reactors.Sum(reactor => (long)reactor.ArmedTimers), "{timer}", "Timers that are set.");
        meter.CreateObservableUpDownCounter("sluice.reactor.held", () => Reactors.Sum(reactor => reactor.HeldBytes), "By", "Bytes held for slow readers.");
        meter.CreateObservableUpDownCounter("sluice.map.entries", Entries, "{entry}", "Sockets in the listener's sockhashes.");
    }

    // Also those of earlier configurations, while their connections last.
    private IEnumerable<Measurement<long>> Entries() =>
        from listener in model.Listeners
        let maps = listener.Live.Replaced.Select(before => before.Maps).Append(listener.Maps).Distinct()
        select new Measurement<long>(maps.Sum(map => (long)map.Clients.Count + map.Upstreams.Count), new Tag("listener", listener.Config.Name));
}
