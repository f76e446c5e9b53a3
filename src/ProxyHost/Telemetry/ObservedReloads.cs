using System.Diagnostics.Metrics;
using Sluice.ProxyHost.Reloading;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>What is measured of the configuration, looked at when somebody collects.</summary>
internal sealed class ObservedReloads(ReloadHistory history)
{
    /// <summary>The instruments of a meter.</summary>
    public void AddTo(Meter meter)
    {
        meter.CreateObservableCounter("sluice.config.reloads", Reloads, "{reload}", "Attempts to take over a configuration.");
        meter.CreateObservableUpDownCounter("sluice.config.generation", () => history.Generation, "{generation}", "1 since the start, and one more with each configuration that was applied.");
        meter.CreateObservableUpDownCounter("sluice.config.last_success", () => history.Applied.At.ToUnixTimeSeconds(), "s", "When the present configuration was applied, as Unix time.");
    }

    private IEnumerable<Measurement<long>> Reloads() =>
        ReloadResults.All.Select(result => new Measurement<long>(history.CountOf(result), new Tag("result", result)));
}
