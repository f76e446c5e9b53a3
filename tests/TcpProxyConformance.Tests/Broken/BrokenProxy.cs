using System.Net;
using System.Net.Sockets;

namespace TcpProxyConformance.Tests.Broken;

/// <summary>A TCP proxy that does one thing wrong.</summary>
internal sealed class BrokenProxy : IDisposable
{
    private const int Buffer = 128 * 1024;

    private readonly Socket _listening = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Shared _shared = new();
    private readonly EndPoint _upstream;
    private readonly Flaw _flaw;

    public BrokenProxy(EndPoint upstream, Flaw flaw)
    {
        (_upstream, _flaw) = (upstream, flaw);
        // What it holds is to be its flaw's doing, not the kernel's.
        (_listening.SendBufferSize, _listening.ReceiveBufferSize) = (Buffer, Buffer);
        _listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listening.Listen(1024);
        _ = AcceptAsync();
    }

    public EndPoint EndPoint => _listening.LocalEndPoint!;

    public void Dispose() => _listening.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket client = await _listening.AcceptAsync();
                if (_flaw == Flaw.Leaks && _shared.Accepted++ >= 350)
                    _shared.Clients.TryAdd(client, true);
                else
                    _ = ServeAsync(client);
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        client.NoDelay = true;
        var upstream = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, SendBufferSize = Buffer, ReceiveBufferSize = Buffer };
        try
        {
            if (_flaw == Flaw.WaitsForClient && await client.ReceiveAsync(new byte[1], SocketFlags.Peek) == 0)
                throw new SocketException((int)SocketError.NotConnected);
            if (_flaw == Flaw.NeverComesBack && _shared.HasBeenRefused)
                throw new SocketException((int)SocketError.HostDown);
            await upstream.ConnectAsync(_upstream);
            using var relay = new Relay(client, upstream, _flaw, _shared);
            await relay.RunAsync();
        }
        catch (SocketException)
        {
            _shared.HasBeenRefused = true;
            upstream.Dispose();
            if (_flaw == Flaw.HangsWhenRefused)
                _shared.Clients.TryAdd(client, true); // what nobody holds the collector closes
            else
                client.Dispose();
        }
    }
}
