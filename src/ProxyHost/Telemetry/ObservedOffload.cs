using System.Diagnostics.Metrics;
using Sluice.ProxyHost.Model;
using Sluice.Redirect.Splicing.Kernel;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>What is measured of the kernel's own path, looked at when somebody collects.</summary>
internal sealed class ObservedOffload(OffloadState state)
{
    /// <summary>The instruments of a meter.</summary>
    public void AddTo(Meter meter)
    {
        meter.CreateObservableCounter("sluice.offload.pairs", () => Count(c => c.Pairs), "{connection}", "Connections whose sockets the kernel's sockmap took.");
        meter.CreateObservableCounter("sluice.offload.promotions", () => Count(c => c.Promotions), "{promotion}", "Times that a direction was given to the kernel.");
        meter.CreateObservableCounter("sluice.offload.demotions", () => Count(c => c.Demotions), "{demotion}", "Times that a direction came back to user space while it went on.");
        meter.CreateObservableCounter("sluice.offload.overlaps", () => Count(c => c.Overlaps), "{segment}", "Retransmissions that overlapped delivered bytes and were trimmed.");
        meter.CreateObservableUpDownCounter("sluice.offload.active_directions", () => Count(c => c.Carried), "{direction}", "Directions that the kernel carries now.");
        meter.CreateObservableCounter("sluice.offload.fallbacks", Fallbacks, "{connection}", "Times that a connection stayed in user space although the kernel was wanted, or came back for good.");
        meter.CreateObservableCounter("sluice.offload.messages", Messages, "{message}", "Messages that applications sent in bypassed directions, by what became of them.");
    }

    // Of both paths of the kernel.
    private long Count(Func<OffloadCounters, long> read) =>
        (state.Counters is { } sockmap ? read(sockmap) : 0) + (state.Bypass is { } bypass ? read(bypass.Counters) : 0);

    private IEnumerable<Measurement<long>> Messages() =>
        WireNames.Passes.Select(reason => new Measurement<long>(state.Bypass?.Messages.Passed(reason) ?? 0, new Tag("outcome", reason.Name())))
            .Prepend(new Measurement<long>(state.Bypass?.Messages.Dropped ?? 0, new Tag("outcome", "dropped")))
            .Prepend(new Measurement<long>(state.Bypass?.Messages.Redirected ?? 0, new Tag("outcome", "redirected")));

    // A program may be an obstacle to the daemon for a listener as a whole, and to the engine for a connection.
    private IEnumerable<Measurement<long>> Fallbacks() =>
        WireNames.OffloadRefusals.Select(reason => (Reason: reason.Name(), Count: Count(counters => counters.Refused(reason))))
            .Concat(state.Fallbacks.Select(fallback => (fallback.Reason, Count: fallback.Value)))
            .GroupBy(one => one.Reason, one => one.Count, (reason, counts) => new Measurement<long>(counts.Sum(), new Tag("reason", reason)));
}
