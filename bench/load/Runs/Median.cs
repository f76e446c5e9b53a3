namespace Sluice.Load.Runs;

/// <summary>The middle of a few figures: one disturbed round does not move it.</summary>
internal static class Median
{
    /// <summary>NaN when there are none; figures that are NaN do not count.</summary>
    public static double Of(IEnumerable<double> figures)
    {
        double[] sorted = [.. figures.Where(figure => !double.IsNaN(figure)).Order()];
        int middle = sorted.Length / 2;
        return sorted.Length == 0 ? double.NaN
            : sorted.Length % 2 == 1 ? sorted[middle]
            : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
