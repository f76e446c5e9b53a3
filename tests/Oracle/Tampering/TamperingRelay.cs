using System.Net;
using System.Net.Sockets;
using Sluice.Functional.Wire;

namespace Sluice.Oracle.Tampering;

/// <summary>A small proxy that does one thing wrong. Without a fault it does none, which shows that the fault is what is seen.</summary>
internal sealed class TamperingRelay : IDisposable
{
    private readonly Server _server = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly EndPoint _upstream;
    private readonly Fault _fault;

    public TamperingRelay(EndPoint upstream, Fault fault)
    {
        (_upstream, _fault) = (upstream, fault);
        _ = AcceptAsync();
    }

    public EndPoint EndPoint => _server.EndPoint;

    public void Dispose()
    {
        _stop.Cancel();
        _server.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = RelayAsync(await _server.AcceptAsync(_stop.Token));
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task RelayAsync(Socket client)
    {
        using Socket own = client;
        own.NoDelay = true;
        using Socket upstream = await Sockets.DialAsync(_upstream);
        HashSet<Socket> shut = [];
        await Task.WhenAll(PumpAsync(client, upstream, shut), PumpAsync(upstream, client, shut));
    }

    // Whom a FIN has been sent to is in the set.
    private async Task PumpAsync(Socket from, Socket to, HashSet<Socket> shut)
    {
        var tampering = new Tampering(_fault);
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, Deadline.Token) is > 0 and var count)
                await to.SendAllAsync(tampering.Change(buffer.AsMemory(0, count)));
            if (WasReset(from, shut))
                throw new SocketException((int)SocketError.ConnectionReset);
            await to.SendAllAsync(tampering.End());
            if (_fault == Fault.FinAsReset)
                to.Reset();
            else if (_fault == Fault.NoHalfClose)
                Array.ForEach([from, to], socket => socket.Dispose());
            else
                SendFin(to, shut);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            Array.ForEach([from, to], _fault == Fault.ResetAsFin ? socket => socket.Dispose() : socket => socket.Reset());
        }
    }

    private static void SendFin(Socket to, HashSet<Socket> shut)
    {
        lock (shut)
            shut.Add(to);
        to.SendFin();
    }

    // A send of the other direction may have been told of the RST instead; then the socket is closed although we sent no FIN.
    private static bool WasReset(Socket socket, HashSet<Socket> shut)
    {
        const int Tcp = 6, TcpInfo = 11, Closed = 7;
        Span<byte> info = stackalloc byte[1];
        socket.GetRawSocketOption(Tcp, TcpInfo, info);
        lock (shut)
            return info[0] == Closed && !shut.Contains(socket);
    }
}
