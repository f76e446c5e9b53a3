using System.Collections.Concurrent;
using System.Net.Sockets;

namespace TcpProxyConformance.Tests.Broken;

/// <summary>What the connections of a broken proxy have in common.</summary>
internal sealed class Shared
{
    /// <summary>The clients that are connected.</summary>
    public ConcurrentDictionary<Socket, bool> Clients { get; } = new();

    /// <summary>Held while something is sent to an upstream.</summary>
    public SemaphoreSlim Up { get; } = new(1);

    /// <summary>Held while something is sent to a client.</summary>
    public SemaphoreSlim Down { get; } = new(1);

    /// <summary>Whether an upstream has refused.</summary>
    public bool HasBeenRefused { get; set; }

    /// <summary>Connections that have come.</summary>
    public int Accepted { get; set; }
}
