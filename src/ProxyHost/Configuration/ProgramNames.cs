namespace Sluice.ProxyHost.Configuration;

/// <summary>The programs of a listener, by their names in <see cref="SluiceConfig.Programs"/>.</summary>
/// <param name="FromClient">Judges the bytes that clients send; null: nothing does.</param>
/// <param name="FromUpstream">Judges the bytes that upstreams send; null: nothing does.</param>
public sealed record ProgramNames(string? FromClient = null, string? FromUpstream = null)
{
    /// <summary>No program in either direction.</summary>
    public static ProgramNames None { get; } = new();
}
