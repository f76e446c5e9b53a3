using System.Diagnostics.Metrics;
using Sluice.ProxyHost.Model;
using Sluice.Redirect;
using Sluice.Redirect.Splicing;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>What limits of bandwidth hold up, looked at when somebody collects.</summary>
internal sealed class ObservedBandwidth(ProxyModel model)
{
    private static readonly bool[] IsDryOrNot = [false, true];

    /// <summary>The instruments of a meter.</summary>
    public void AddTo(Meter meter)
    {
        meter.CreateObservableCounter(
            "sluice.bandwidth.delayed", () => Measure((delays, direction, isDry) => delays.Bytes(direction, isDry)), "By", "Bytes that a limit of bandwidth made wait.");
        meter.CreateObservableCounter(
            "sluice.bandwidth.delay", () => Measure((delays, direction, isDry) => delays.Time(direction, isDry).TotalSeconds), "s", "Time that they waited.");
    }

    // What an earlier configuration has counted does not vanish.
    private IEnumerable<Measurement<T>> Measure<T>(Func<BandwidthMeter, Direction, bool, T> read)
        where T : struct =>
        from listener in model.Listeners
        from direction in WireNames.Directions
        from isDry in IsDryOrNot
        where IsLimited(listener, direction, isDry) || listener.Live.Delays.Time(direction, isDry) > TimeSpan.Zero
        select new Measurement<T>(
            read(listener.Live.Delays, direction, isDry),
            new Tag("listener", listener.Config.Name), new Tag("direction", direction.Name()), new Tag("dry_run", isDry));

    private static bool IsLimited(ListenerState listener, Direction direction, bool isDry) =>
        listener.Bandwidth is { } bandwidth && bandwidth.IsDryRun == isDry
        && (direction == Direction.FromClient ? bandwidth.FromClient : bandwidth.FromUpstream) is not null;
}
