using System.Net.Sockets;
using Sluice.Functional.Proxy;
using Sluice.Functional.Wire;
using Sluice.Redirect;

namespace Sluice.Functional.Tests;

/// <summary>Many connections opened and closed, each with a byte each way, ended in turn by FIN and RST.</summary>
public sealed class ChurnTests
{
    private const int Connections = 50_000;
    private const int AtATime = 32;

    [Fact(Timeout = 300_000)]
    public async Task FiftyThousandConnectionsLeaveNothingBehind()
    {
        using var server = new Server();
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(server.EndPoint);
        using var done = new CancellationTokenSource();
        Task answering = AnswerAsync(server, done.Token);

        int next = 0;
        await Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is <= Connections and var number)
                await ExchangeAsync(proxy, number);
        })));

        var reasons = new Dictionary<EndReason, int>();
        for (int i = 0; i < Connections; i++)
        {
            EndReason reason = (await proxy.NextResultAsync()).Reason;
            reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
        }

        await done.CancelAsync();
        await answering;
        Assert.Equal(
            new Dictionary<EndReason, int> { [EndReason.Completed] = Connections / 2, [EndReason.ClientReset] = Connections / 2 }, reasons);
    }

    private static async Task ExchangeAsync(ProxyUnderTest proxy, int number)
    {
        using Socket client = await Sockets.DialAsync(proxy.EndPoint);
        await client.SendAllAsync(new byte[1]);
        await client.ReceiveExactlyAsync(1);
        if (number % 2 == 0)
        {
            client.Reset();
        }
        else
        {
            client.SendFin();
            await client.AssertEndsAsync(default, Ending.Fin);
        }
    }

    private static async Task AnswerAsync(Server server, CancellationToken done)
    {
        var answers = new List<Task>();
        try
        {
            while (true)
                answers.Add(EchoAsync(await server.AcceptAsync(done)));
        }
        catch (OperationCanceledException) when (done.IsCancellationRequested)
        {
            await Task.WhenAll(answers);
        }
    }

    private static async Task EchoAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                await socket.SendAllAsync(await socket.ReceiveExactlyAsync(1));
                if (await socket.ReceiveAsync(new byte[1], Deadline.Token) == 0)
                    socket.SendFin();
            }
            catch (SocketException error) when (error.IsReset)
            {
                // Every second client resets.
            }
        }
    }
}
