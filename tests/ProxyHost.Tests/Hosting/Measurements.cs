using System.Diagnostics.Metrics;
using Sluice.ProxyHost.Telemetry;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>
/// What one daemon measures. /metrics would not do where several run in one process: it shows the instruments of all of them.
/// </summary>
internal sealed class Measurements : IDisposable
{
    private readonly Lock _lock = new();
    private readonly MeterListener _listener = new();
    private readonly List<Measured> _recorded = [];
    private readonly List<Measured> _observed = [];

    public Measurements(ProxyMetrics metrics)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == metrics.Meter)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Keep(instrument, 1, tags));
        _listener.Start();
    }

    /// <summary>The sum of all series of an instrument with these attributes; of a histogram how often it was recorded to.</summary>
    public long Sum(string instrument, params (string Name, object Value)[] attributes)
    {
        lock (_lock)
        {
            _observed.Clear();
            _listener.RecordObservableInstruments();
            return _observed.Concat(_recorded).Where(one => one.Instrument == instrument && attributes.All(one.Has)).Sum(one => one.Value);
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Keep(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var one = new Measured(instrument.Name, value, tags.ToArray().ToDictionary());
        lock (_lock)
            (instrument.IsObservable ? _observed : _recorded).Add(one);
    }

    private sealed record Measured(string Instrument, long Value, Dictionary<string, object?> Attributes)
    {
        public bool Has((string Name, object Value) attribute) => Attributes.TryGetValue(attribute.Name, out object? value) && attribute.Value.Equals(value);
    }
}
