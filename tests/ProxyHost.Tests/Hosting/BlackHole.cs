using System.Net;
using System.Net.Sockets;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>A port of the loopback that answers no SYN: its accept queue, of one place, is full and nobody accepts.</summary>
internal sealed class BlackHole : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Socket _waiting = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public static async Task<BlackHole> CreateAsync()
    {
        var hole = new BlackHole();
        hole._listener.Start(backlog: 0);
        await hole._waiting.ConnectAsync(hole._listener.LocalEndpoint, TestContext.Current.CancellationToken);
        return hole;
    }

    public void Dispose()
    {
        _waiting.Dispose();
        _listener.Dispose();
    }
}
