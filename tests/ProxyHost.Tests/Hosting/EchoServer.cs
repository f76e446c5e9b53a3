using System.Net;
using System.Net.Sockets;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>An upstream in the test's own process that sends back what it gets.</summary>
internal sealed class EchoServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public EchoServer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port { get; private set; }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        try
        {
            while (true)
                _ = EchoAsync(await _listener.AcceptSocketAsync());
        }
        catch (Exception closed) when (closed is SocketException or InvalidOperationException) // the latter where it stops between two accepts
        {
            // The test is over.
        }
    }

    private static async Task EchoAsync(Socket socket)
    {
        using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            await stream.CopyToAsync(stream);
        }
        catch (IOException)
        {
            // The proxy reset it.
        }
    }
}
