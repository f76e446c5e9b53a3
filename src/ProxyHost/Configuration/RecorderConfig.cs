namespace Sluice.ProxyHost.Configuration;

/// <summary>What is kept of connections that did not end in the ordinary way.</summary>
/// <param name="Size">How many of them, the last ones, 0 to 65,536; 0: none. Default 256.</param>
public sealed record RecorderConfig(int Size)
{
    /// <summary>Where nothing is said.</summary>
    public static RecorderConfig Default { get; } = new(256);
}
