using System.Net;
using System.Net.Sockets;
using Sluice.Functional.Wire;

namespace Sluice.Functional.Scenarios;

/// <summary>Plays both sides of a scenario over a way from client to server: direct, or through some proxy.</summary>
internal static class Stage
{
    /// <summary>Bytes that go each way before the scenario begins.</summary>
    public const int Greeting = 1;

    /// <param name="scenario">What to play.</param>
    /// <param name="way">Where the client connects.</param>
    /// <param name="server">Where the connection comes out; no other connection may come out there meanwhile.</param>
    public static async Task<Outcome> PlayAsync(Scenario scenario, EndPoint way, Server server)
    {
        using Socket clientSocket = await Sockets.DialAsync(way);
        using Socket serverSocket = await server.AcceptAsync();
        await GreetAsync(clientSocket, serverSocket);
        return await PlayAsync(scenario, clientSocket, serverSocket);
    }

    /// <summary>Plays it on the two ends of a connection that has been heard of at both.</summary>
    public static async Task<Outcome> PlayAsync(Scenario scenario, Socket clientSocket, Socket serverSocket)
    {
        await TalkAsync(scenario, clientSocket, serverSocket);
        List<Player> ends = [];
        var client = new Player("client", scenario.Client, clientSocket, scenario.Server, ends);
        var upstream = new Player("server", scenario.Server, serverSocket, scenario.Client, ends);
        Task<Seen> clientSees = client.PlayAsync(upstream), serverSees = upstream.PlayAsync(client);
        await Task.WhenAll(clientSees, serverSees).OrHung("both sides to end");

        bool ordered = scenario.Client.Finish == Finish.FinAfterFin || scenario.Server.Finish == Finish.FinAfterFin;
        IEnumerable<string> kinds = ends.Where(player => !player.HasReset).Select(player => player.End);
        return new Outcome(await clientSees, await serverSees, string.Join(", ", ordered ? kinds : kinds.Order()));
    }

    // Each message is there before the next one is sent.
    private static async Task TalkAsync(Scenario scenario, Socket client, Socket server)
    {
        var random = new Random(scenario.Seed);
        (Socket first, Socket second) = scenario.ServerFirst ? (server, client) : (client, server);
        for (int round = 0; round < scenario.Rounds; round++)
        {
            await SayAsync(first, second);
            await SayAsync(second, first);
        }

        async Task SayAsync(Socket from, Socket to)
        {
            byte[] message = new byte[random.Next(1, 200)];
            random.NextBytes(message);
            await from.SendAllAsync(message);
            byte[] came = await to.ReceiveExactlyAsync(message.Length).OrHung("a message of the conversation");
            Assert.True(came.AsSpan().SequenceEqual(message), "a message of the conversation is not what was sent");
        }
    }

    // A byte each way: from here on the way is open from end to end, so that a reset is one of a connection and never of
    // a connect that has not been noticed to succeed.
    private static async Task GreetAsync(Socket client, Socket server)
    {
        await client.SendAllAsync(new byte[Greeting]);
        await server.ReceiveExactlyAsync(Greeting).OrHung("the client's greeting");
        await server.SendAllAsync(new byte[Greeting]);
        await client.ReceiveExactlyAsync(Greeting).OrHung("the server's greeting");
    }
}
