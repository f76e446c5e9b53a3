namespace Sluice.ProxyHost.Tests.Cli.Top;

/// <summary>Counts of a histogram and what shares of them are below. Both live views must say the same.</summary>
public static class QuantileVectors
{
    public static readonly double[] Bounds = [0.25, 0.5, 1];

    /// <summary>The share, the counts of the buckets, and the quantile; null where there is none, infinite beyond the last bound.</summary>
    public static TheoryData<double, long[], double?> All => new()
    {
        { 0.5, [0, 0, 0, 0], null },
        { 0.5, [4, 0, 0, 0], 0.125 },
        { 1, [4, 0, 0, 0], 0.25 },
        { 0.5, [0, 2, 0, 0], 0.375 },
        { 0.5, [2, 2, 0, 0], 0.25 },
        { 0.75, [2, 2, 0, 0], 0.375 },
        { 0.5, [0, 0, 8, 0], 0.75 },
        { 0.99, [1, 0, 0, 99], double.PositiveInfinity },
        { 0.01, [1, 0, 0, 99], 0.25 },
        { 0.5, [0, 0, 0, 1], double.PositiveInfinity },
    };
}
