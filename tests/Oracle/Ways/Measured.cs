using System.Globalization;

namespace Sluice.Oracle.Ways;

/// <summary>A metric as Prometheus gets it, with one of its attributes.</summary>
internal sealed record Measured(string Metric, string Attribute)
{
    /// <summary>The bytes that took a data path.</summary>
    public static Measured Path(string path) => new("sluice_io_bytes_total", $"data_path=\"{path}\"");

    /// <summary>The sum over all its series.</summary>
    public double In(string metrics) => metrics.Split('\n')
        .Where(line => line.StartsWith(Metric + "{", StringComparison.Ordinal) && line.Contains(Attribute, StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
}
