using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration;

/// <summary>How much of a connection's beginning routes may look at. Nothing of it is consumed.</summary>
/// <param name="Timeout">How long to wait for the bytes that a route needs, 1 ms to 1 h. Default 1 s.</param>
/// <param name="MaxBytes">How many bytes to wait for at most, 1 to <see cref="MostBytes"/>. Default 16 KiB.</param>
public sealed record InspectConfig(TimeSpan Timeout, int MaxBytes)
{
    /// <summary>The most that <see cref="MaxBytes"/> may be, and its default: 16 KiB.</summary>
    public const int MostBytes = 16 * 1024;

    /// <summary>What a listener has that says nothing of it.</summary>
    public static InspectConfig Default { get; } = new(TimeSpan.FromSeconds(1), MostBytes);

    /// <summary>Where the first message ends, which then is all that routes see; null: they see all bytes that have come.</summary>
    public Framing? Framing { get; init; }
}
