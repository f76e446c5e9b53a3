namespace Sluice.ProxyHost.Configuration;

/// <summary>Where connections wait while every endpoint of their cluster has as many as it may have.</summary>
/// <param name="Size">Connections that may wait at a time, 1 to 1,000,000. Default 100.</param>
/// <param name="Timeout">How long one may wait, 1 ms to 1 h. Default 5 s.</param>
public sealed record QueueConfig(int Size, TimeSpan Timeout)
{
    /// <summary>What a queue has that says nothing else.</summary>
    public static QueueConfig Default { get; } = new(100, TimeSpan.FromSeconds(5));
}
