using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Reloading;

/// <summary>Where the configuration comes from.</summary>
/// <param name="Path">Its file; null where it was made in memory and cannot be read again.</param>
internal sealed record ConfigSource(string? Path)
{
    /// <summary>Reads the file; null where there is none.</summary>
    public ConfigReadResult? Read() => Path is null ? null : ConfigReader.Read(Path);
}
