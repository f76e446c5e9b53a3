using System.Net.Sockets;
using Sluice.Functional.Proxy;
using Sluice.Functional.Wire;
using Sluice.Redirect;

namespace Sluice.Functional.Tests;

/// <summary>A reader that takes nothing stops its sender, and nobody else.</summary>
public sealed class BackPressureTests
{
    [Theory(Timeout = 60_000)]
    [InlineData(Direction.FromClient)]
    [InlineData(Direction.FromUpstream)]
    public async Task TheOtherDirectionGoesOnAndNothingIsLost(Direction stuck)
    {
        await using Link link = await Link.OpenAsync();
        (Socket sender, Socket reader) = stuck == Direction.FromClient ? (link.Client, link.Server) : (link.Server, link.Client);
        long sent = await sender.FillAsync();

        byte[] piece = new byte[5_000];
        for (int round = 0; round < 500; round++)
        {
            await reader.SendAllAsync(piece);
            await sender.ReceiveExactlyAsync(piece.Length);
        }

        sender.SendFin();
        (byte[] bytes, Ending ending) = await reader.ReceiveToEndAsync();
        Assert.Equal((sent, Ending.Fin), (bytes.Length, ending));
        reader.SendFin();
        Assert.Equal(EndReason.Completed, (await link.ResultAsync()).Reason);
    }

    [Fact(Timeout = 60_000)]
    public async Task OtherConnectionsGoOn()
    {
        using var server = new Server();
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(server.EndPoint);
        var stuck = new List<(Socket Client, Socket Server)>();
        try
        {
            for (int i = 0; i < 8; i++)
            {
                Socket client = await Sockets.DialAsync(proxy.EndPoint);
                stuck.Add((client, await server.AcceptAsync()));
                await client.FillAsync();
            }

            using Socket free = await Sockets.DialAsync(proxy.EndPoint);
            using Socket answers = await server.AcceptAsync();
            byte[] piece = new byte[100_000];
            for (int round = 0; round < 50; round++)
            {
                Task sending = free.SendAllAsync(piece);
                await answers.ReceiveExactlyAsync(piece.Length);
                await sending;
            }
        }
        finally
        {
            foreach ((Socket client, Socket accepted) in stuck)
            {
                client.Dispose();
                accepted.Dispose();
            }
        }
    }
}
