using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Sluice.Functional.Wire;

namespace Sluice.Functional;

/// <summary>A process that is killed while the kernel carries its connections.</summary>
public sealed class KilledProxyTests
{
    private const int Connections = 16;

    /// <summary>Maps and programs must go with it: what stayed would hold the sockets, and neither end would ever hear of it.</summary>
    [Fact(Timeout = 60_000)]
    public async Task ItsConnectionsEndAndNothingStays()
    {
        TransportUnderTest.SkipWhereMissing();
        using var server = new Server();
        (Process process, IPEndPoint endPoint) = await KilledProxy.StartAsync(server);
        using (process)
        {
            List<Socket> sockets = [];
            for (int i = 0; i < Connections; i++)
            {
                sockets.Add(await Sockets.DialAsync(endPoint));
                sockets.Add(await server.AcceptAsync());
            }

            Task[] streams = [.. sockets.Select(ReceiveToEndAsync), .. sockets.Select(SendToEndAsync)];
            await Deadline.UntilAsync(() => SocketsAt(endPoint) > 2 * Connections, () => $"all connections; there are {SocketsAt(endPoint)}");
            process.Kill();
            await process.WaitForExitAsync(Deadline.Token);
            await Task.WhenAll(streams).OrHung("all ends to hear of it");
            sockets.ForEach(socket => socket.Dispose());
        }

        await Deadline.UntilAsync(() => SocketsAt(endPoint) == 0, () => $"all sockets to be gone; there are {SocketsAt(endPoint)}");
    }

    private static async Task SendToEndAsync(Socket socket)
    {
        byte[] piece = new byte[64 * 1024];
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            while (true)
                await socket.SendAllAsync(piece);
        });
    }

    private static async Task ReceiveToEndAsync(Socket socket) => _ = await DiscardAsync(socket);

    private static async Task<Ending> DiscardAsync(Socket socket)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await socket.ReceiveAsync(buffer, Deadline.Token) > 0)
            {
            }

            return Ending.Fin;
        }
        catch (SocketException error) when (error.IsReset)
        {
            return Ending.Rst;
        }
    }

    // Sockets with this port at either end, but for those that only wait for late segments.
    private static int SocketsAt(IPEndPoint endPoint)
    {
        string port = $":{endPoint.Port:X4} ";
        return File.ReadLines("/proc/net/tcp").Count(line => line.Contains(port, StringComparison.Ordinal) && line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3] != "06");
    }
}
