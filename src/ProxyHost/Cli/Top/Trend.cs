namespace Sluice.ProxyHost.Cli.Top;

/// <summary>What the plots show: the last values of a few series, one for each answer. Not safe for several threads.</summary>
internal sealed class Trend
{
    private const int Most = 512;
    private readonly Dictionary<string, List<double?>> _series = [];

    /// <summary>One more value of a series; null where it is not known.</summary>
    public void Add(string name, double? value)
    {
        if (!_series.TryGetValue(name, out List<double?>? values))
            _series[name] = values = [];
        values.Add(value);
        if (values.Count > Most)
            values.RemoveAt(0);
    }

    /// <summary>The last so many, the oldest first; fewer where there are not.</summary>
    public double?[] Last(string name, int count) => _series.TryGetValue(name, out List<double?>? values) ? [.. values.TakeLast(count)] : [];
}
