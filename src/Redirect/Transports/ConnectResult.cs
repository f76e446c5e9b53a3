using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Connections;

namespace Sluice.Redirect.Transports;

/// <summary>The outcome of dialling: a connection, or the errno that says why there is none.</summary>
public readonly record struct ConnectResult(ConnectionContext? Connection, Errno Errno)
{
    /// <summary>True when there is none because the source address could not be had: EPERM, EAFNOSUPPORT, EADDRINUSE and so on.</summary>
    public bool IsSourceRefused { get; init; }

    /// <summary>True when there is a connection.</summary>
    [MemberNotNullWhen(true, nameof(Connection))]
    public bool IsConnected => Connection is not null;
}
