namespace Sluice.ProxyHost.Configuration;

/// <summary>When attempts to connect that fail take an endpoint out, and for how long.</summary>
/// <param name="ConsecutiveFailures">So many in a row, 1 to 10,000. Default 5.</param>
/// <param name="FailureRate">Or this share of a window's attempts, 1 to 100 percent. Default 50.</param>
/// <param name="Window">The window of that share, 1 ms to 1 h. Default 30 s.</param>
/// <param name="MinimumVolume">Attempts that a window must have for its share to count, 1 to 1,000,000. Default 20.</param>
/// <param name="EjectionTime">How long the first ejection lasts; each further one twice as long, 1 ms to 1 d. Default 30 s.</param>
/// <param name="MaxEjectionTime">The longest, 1 ms to 1 d. So long without an ejection, and the next is a first one. Default 5 min.</param>
/// <param name="MaxEjected">The share of the cluster's endpoints that may be out at a time, 1 to 100 percent; one always may. Default 50.</param>
public sealed record OutlierDetectionConfig(
    int ConsecutiveFailures,
    int FailureRate,
    TimeSpan Window,
    int MinimumVolume,
    TimeSpan EjectionTime,
    TimeSpan MaxEjectionTime,
    int MaxEjected)
{
    /// <summary>What a detection has that says nothing else.</summary>
    public static OutlierDetectionConfig Default { get; } =
        new(5, 50, TimeSpan.FromSeconds(30), 20, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5), 50);
}
