using System.Net.Sockets;
using System.Threading.Channels;

namespace TcpProxyConformance.Tests.Broken;

/// <summary>One connection through a broken proxy. But for its flaw it is as it should be: what a socket hears of the other one hears as well.</summary>
internal sealed class Relay(Socket client, Socket upstream, Flaw flaw, Shared shared) : IDisposable
{
    private readonly SemaphoreSlim _oneWay = new(1);
    private readonly HashSet<Socket> _finsSent = [];
    private long _movedAt = Environment.TickCount64;
    private bool _isOver;

    public async Task RunAsync()
    {
        shared.Clients.TryAdd(client, true);
        Task watching = WatchAsync();
        await Task.WhenAll(PumpAsync(client, upstream), PumpAsync(upstream, client));
        _isOver = true;
        await watching;
        shared.Clients.TryRemove(client, out _);
    }

    public void Dispose()
    {
        _oneWay.Dispose();
        client.Dispose();
        upstream.Dispose();
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var stream = new StreamFlaw(flaw);
        byte[] buffer = new byte[64 * 1024];
        var kept = Channel.CreateUnbounded<byte[]>();
        Task keeping = flaw == Flaw.NoBound ? SendKeptAsync(kept.Reader, to) : Task.CompletedTask;
        long bytes = 0;
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                bytes += count;
                _movedAt = Environment.TickCount64;
                if (keeping.IsFaulted)
                    await keeping;
                if (flaw == Flaw.NoBound)
                    kept.Writer.TryWrite(buffer[..count]);
                else
                    await SendAsync(from, to, stream.Change(buffer.AsMemory(0, count)));
            }

            // A send of the other direction may have been told of an RST; the receive finds an end then.
            if (IsOverWithoutFin(from))
                throw new SocketException((int)SocketError.ConnectionReset);
            kept.Writer.Complete();
            await keeping;
            await SendAsync(from, to, stream.End());
            End(from, to, bytes);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            await BreakAsync(from, to, buffer);
        }
    }

    private async Task SendAsync(Socket from, Socket to, ReadOnlyMemory<byte> bytes)
    {
        SemaphoreSlim? turn = flaw == Flaw.OneWayAtATime ? _oneWay : flaw == Flaw.OneStuckStopsAll ? (to == upstream ? shared.Up : shared.Down) : null;
        if (turn is not null)
            await turn.WaitAsync();
        try
        {
            if (flaw == Flaw.MixesConnections && from == upstream && bytes.Length > 1000 && shared.Clients.Count > 50)
                to = shared.Clients.Keys.First(other => other != client);
            while (!bytes.IsEmpty)
                bytes = bytes[await to.SendAsync(bytes)..];
        }
        finally
        {
            turn?.Release();
        }
    }

    private async Task SendKeptAsync(ChannelReader<byte[]> kept, Socket to)
    {
        await foreach (byte[] bytes in kept.ReadAllAsync())
            await SendAsync(client, to, bytes);
    }

    private void End(Socket from, Socket to, long bytes)
    {
        if (flaw == Flaw.LeavesUpstreamOpen && from == client && bytes == 0)
            return;
        if (flaw == Flaw.FinAsReset)
            Reset(to);
        else if (flaw == Flaw.NoHalfClose)
            Array.ForEach([from, to], Finish);
        else
            SendFin(to);
    }

    private async Task BreakAsync(Socket from, Socket to, byte[] buffer)
    {
        if (flaw == Flaw.ResetAsFin)
        {
            Array.ForEach([from, to], Finish);
        }
        else if (flaw == Flaw.IgnoresResets)
        {
            try
            {
                while (await from.ReceiveAsync(buffer) > 0)
                    _movedAt = Environment.TickCount64;
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // Whoever it was is gone as well.
            }
        }
        else
        {
            Array.ForEach([from, to], Reset);
        }
    }

    // A socket that is not read from, because what it has said is stuck, says by its error that it has been reset.
    private async Task WatchAsync()
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!_isOver && await tick.WaitForNextTickAsync())
        {
            if (flaw == Flaw.ShortIdleTimeout && Environment.TickCount64 - _movedAt > 4000)
                Array.ForEach([client, upstream], Reset);
            if (flaw != Flaw.IgnoresResets && (HasError(client) || HasError(upstream)))
                Array.ForEach([client, upstream], flaw == Flaw.ResetAsFin ? Finish : Reset);
        }
    }

    // A connection that is over without a FIN of ours is so by an RST.
    private bool IsOverWithoutFin(Socket socket)
    {
        const int Tcp = 6, TcpInfo = 11, Closed = 7;
        Span<byte> info = stackalloc byte[1];
        socket.GetRawSocketOption(Tcp, TcpInfo, info);
        lock (_finsSent)
            return info[0] == Closed && !_finsSent.Contains(socket);
    }

    private static bool HasError(Socket socket)
    {
        try
        {
            return (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)! != 0;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    private void SendFin(Socket to)
    {
        lock (_finsSent)
            _finsSent.Add(to);
        to.Shutdown(SocketShutdown.Send);
    }

    // FIN, and nothing more is read. A Dispose while the other direction reads would be an RST.
    private static void Finish(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // It is over already.
        }
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (ObjectDisposedException)
        {
            // It is closed already.
        }

        socket.Dispose();
    }
}
