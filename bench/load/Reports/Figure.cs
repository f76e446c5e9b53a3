using System.Globalization;

namespace Sluice.Load.Reports;

/// <summary>How figures are written; a figure that does not exist is a dash.</summary>
internal static class Figure
{
    public static string Of(double value, string format = "0.00") =>
        double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "–";

    public static string Rate(double value) => Of(value, value >= 1000 ? "#,0" : "0.00");

    public static string Megabytes(long bytes) => Of(bytes / 1e6, "0.0");
}
