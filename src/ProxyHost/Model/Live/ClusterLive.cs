namespace Sluice.ProxyHost.Model.Live;

/// <summary>What is counted of a cluster for as long as there is one of its name, whatever its configuration says. Safe from any thread.</summary>
internal sealed class ClusterLive
{
    /// <summary>Attempts to connect to its endpoints, those that failed included.</summary>
    public LatencyCounts Connects { get; } = new();

    /// <summary>How long connections waited for an endpoint that was not full, in vain or not.</summary>
    public LatencyCounts Waits { get; } = new();
}
