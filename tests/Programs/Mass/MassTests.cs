using System.Net;
using System.Net.Sockets;
using Sluice.Functional.Wire;
using Sluice.Programs.Processes;

namespace Sluice.Programs.Mass;

/// <summary>As many connections at once as the descriptors of this machine's processes allow.</summary>
public sealed class MassTests
{
    // A process may have 20,000 descriptors; the daemon needs two a connection, and so does this process.
    private const int Connections = 9_000;
    private const int AtATime = 100;

    [Theory(Timeout = 300_000)]
    [InlineData("reactor")]
    [InlineData("sockets")]
    public async Task NineThousandConnectionsAreOpenAtOnce(string transport)
    {
        using var server = new Server();
        string upstream = server.EndPoint.ToString()!;
        await using SluiceProcess sluice = await SluiceProcess.StartAsync([upstream], transport, "max_connections: 20000");
        await WarmUpAsync(server, sluice.To(upstream));
        await Deadline.UntilAsync(() => Open(sluice) == 0, () => "the warm-up's connection to end");
        (int descriptors, int resident) = (sluice.Descriptors, sluice.ResidentKiB);

        var clients = new List<Socket>(Connections);
        var servers = new List<Socket>(Connections);
        try
        {
            while (clients.Count < Connections)
                await OpenAsync(sluice.To(upstream), server, clients, servers);

            Assert.Equal(Connections, Open(sluice));
            TestContext.Current.SendDiagnosticMessage(
                $"{transport}: {Connections} idle connections: {sluice.ResidentKiB - resident} KiB more resident, {sluice.Descriptors - descriptors} more descriptors");
            await ExchangeAsync(clients, servers);
        }
        finally
        {
            clients.ForEach(socket => socket.Dispose());
            servers.ForEach(socket => socket.Dispose());
        }

        await Deadline.UntilAsync(() => Open(sluice) == 0, () => $"{Open(sluice)} connections to end");
        await Deadline.UntilAsync(() => sluice.Descriptors <= descriptors, () => $"{sluice.Descriptors} descriptors to be {descriptors} again");
    }

    // Opened in batches, so that neither listener's backlog overflows.
    private static async Task OpenAsync(IPEndPoint way, Server server, List<Socket> clients, List<Socket> servers)
    {
        Task<Socket>[] dialling = [.. Enumerable.Range(0, AtATime).Select(_ => Sockets.DialAsync(way))];
        for (int i = 0; i < AtATime; i++)
            servers.Add(await server.AcceptAsync());
        clients.AddRange(await Task.WhenAll(dialling));
    }

    // The clients send a number each, the servers send it back: every connection works, and to its own other end.
    private static async Task ExchangeAsync(List<Socket> clients, List<Socket> servers)
    {
        for (int start = 0; start < clients.Count; start += AtATime)
        {
            for (int i = start; i < start + AtATime; i++)
                await clients[i].SendAllAsync(BitConverter.GetBytes(i));
        }

        foreach (Socket server in servers)
            await server.SendAllAsync(await server.ReceiveExactlyAsync(sizeof(int)));
        for (int i = 0; i < clients.Count; i++)
            Assert.Equal(i, BitConverter.ToInt32(await clients[i].ReceiveExactlyAsync(sizeof(int))));
    }

    private static async Task WarmUpAsync(Server server, IPEndPoint way)
    {
        using Socket client = await Sockets.DialAsync(way);
        using Socket accepted = await server.AcceptAsync();
        await client.SendAllAsync(new byte[1]);
        await accepted.ReceiveExactlyAsync(1);
    }

    private static int Open(SluiceProcess sluice) =>
        sluice.ConnectionsAsync().GetAwaiter().GetResult().GetProperty("count").GetInt32();
}
