using System.Globalization;

namespace Sluice.ProxyHost.Upstreams;

/// <summary>Names that no other connection of any process has: by chance the process, by its number the connection.</summary>
internal static class UniqueIds
{
    private static readonly string Process = Guid.NewGuid().ToString("N");

    /// <summary>Of a connection of this process; the number at its end is the <c>id</c> of the access log.</summary>
    public static string Of(long connection) => string.Create(CultureInfo.InvariantCulture, $"{Process}-{connection}");
}
