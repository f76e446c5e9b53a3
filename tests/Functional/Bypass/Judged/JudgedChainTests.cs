using System.Net.Sockets;
using Sluice.Functional.Proxy;
using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Splicing.Bypass;
using Sluice.Redirect.Transports;

namespace Sluice.Functional;

/// <summary>Rules at the sender, in front of another proxy that local applications would send past as well.</summary>
public sealed class JudgedChainTests
{
    private const int Connections = 5, Rounds = 40, Threads = 2, Messages = 20, Size = 100, MostAnswers = 200;

    /// <summary>What the front proxy's socket has sent must be told by its TCP: what the next one took from it would be waited for.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Threads_that_send_at_once_are_not_cut_off()
    {
        BypassUnderTest.SkipWhereMissing();
        BypassEngine? first = null, second = null;
        using var maps = new SpliceMaps(16, JudgedLink.ProgramOf(VerdictPlan.Compile(JudgedSendTests.Rules(new RuleAction(RuleVerdict.Pass)))));
        using var server = new Server();
        await using ProxyUnderTest back = await ProxyUnderTest.StartAsync(server.EndPoint, transport: () => Transport(engine => second = engine));
        using (Socket client = await Sockets.DialAsync(back.EndPoint)) // has its maps made, which the other does not expect among its descriptors
        using (Socket accepted = await server.AcceptAsync())
        {
            await AnswerUntilBypassedAsync(await back.NextPairAsync(), client, accepted);
            client.SendFin();
            accepted.SendFin();
            _ = await back.NextResultAsync();
        }

        await using ProxyUnderTest front = await ProxyUnderTest.StartAsync(back.EndPoint, maps: maps, transport: () => Transport(engine => first = engine));
        for (int i = 0; i < Connections; i++)
        {
            using Socket client = await Sockets.DialAsync(front.EndPoint);
            using Socket accepted = await server.AcceptAsync();
            int answers = await AnswerUntilBypassedAsync(await front.NextPairAsync(), client, accepted);
            for (int round = 0; round < Rounds; round++)
            {
                await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(() => Send(client))));
                await accepted.ReceiveExactlyAsync(Threads * Messages * (Size + 2)).OrHung("what was sent");
            }

            client.SendFin();
            accepted.SendFin();
            SpliceResult result = await front.NextResultAsync();
            Assert.Equal((EndReason.Completed, (long)Rounds * Threads * Messages * (Size + 2), answers), (result.Reason, result.BytesFromClient, (int)result.BytesFromUpstream));
            _ = await back.NextResultAsync();
        }

        Assert.True(first!.Messages.Redirected > Connections * Rounds, "hardly anything was judged at the sender");
        Assert.NotNull(second);
    }

    private static ITransport Transport(Action<BypassEngine?> made)
    {
        ITransport transport = BypassUnderTest.CreateTransport(
            new BypassOptions { ReadsBefore = 3, PairsPerReactor = 8 }, out BypassEngine? engine, new ReactorTransportOptions { Reactors = 1 });
        made(engine);
        return transport;
    }

    private static async Task<int> AnswerUntilBypassedAsync(SplicePair pair, Socket client, Socket accepted)
    {
        client.Blocking = accepted.Blocking = false;
        int answers = 0;
        for (; answers < MostAnswers && pair.PathFromClient != DataPath.Bypass; answers++)
        {
            await accepted.SendAllAsync(new byte[] { 1 });
            await client.ReceiveExactlyAsync(1).OrHung("an answer");
        }

        Assert.Equal(DataPath.Bypass, pair.PathFromClient);
        return answers;
    }

    private static void Send(Socket client)
    {
        byte[] message = JudgedSendTests.Message('p', Size);
        for (int i = 0; i < Messages; i++)
            Assert.Equal(message.Length, client.Send(message));
    }
}
