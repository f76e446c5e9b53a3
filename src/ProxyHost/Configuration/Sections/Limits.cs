using Sluice.ProxyHost.Configuration.Types;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>Limits that listeners and clusters share.</summary>
internal static class Limits
{
    /// <summary>What <c>max_connections</c> is where it is not given.</summary>
    public const int DefaultConnections = 10_000;

    /// <summary>A number of connections.</summary>
    public static IntegerType Connections { get; } = new(1, 10_000_000);
}
