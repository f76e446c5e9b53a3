namespace Sluice.ProxyHost.Upstreams;

/// <summary>How busy endpoints of different weights are.</summary>
internal static class Load
{
    /// <summary>Whether the first would be less busy for its weight than the second, each with one connection more.</summary>
    public static bool IsLess(int inUse, int weight, int otherInUse, int otherWeight) =>
        (inUse + 1L) * otherWeight < (otherInUse + 1L) * weight;
}
