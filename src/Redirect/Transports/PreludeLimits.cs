namespace Sluice.Redirect.Transports;

/// <summary>How much of a connection's first bytes is looked at, and for how long.</summary>
/// <param name="MaxBytes">1 to <see cref="LargestMaxBytes"/>.</param>
/// <param name="Timeout">From the moment the inspection begins; a client that waits for the server to speak first costs this long.</param>
public sealed record PreludeLimits(int MaxBytes, TimeSpan Timeout)
{
    /// <summary>What one look can hold on every transport: 64 KiB.</summary>
    public const int LargestMaxBytes = 64 * 1024;
}
