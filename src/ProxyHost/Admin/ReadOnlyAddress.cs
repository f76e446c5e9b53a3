using Microsoft.AspNetCore.Connections;

namespace Sluice.ProxyHost.Admin;

/// <summary>Marks the connections that came in where only reading is permitted. Kestrel shows a connection's features at its requests.</summary>
internal sealed class ReadOnlyAddress
{
    private static readonly ReadOnlyAddress Mark = new();

    private ReadOnlyAddress()
    {
    }

    /// <summary>Marks each connection.</summary>
    public static ConnectionDelegate Marking(ConnectionDelegate next) => connection =>
    {
        connection.Features.Set(Mark);
        return next(connection);
    };

    /// <summary>Whether a request came in there.</summary>
    public static bool Has(HttpContext context) => context.Features.Get<ReadOnlyAddress>() is not null;
}
