using System.Net.Sockets;
using Sluice.Functional.Proxy;
using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Splicing;

namespace Sluice.Functional.Tests;

/// <summary>RST from either side arrives on the other as RST, behind the data before it.</summary>
public sealed class ResetTests
{
    [Theory(Timeout = 60_000)]
    [InlineData(Direction.FromClient)]
    [InlineData(Direction.FromUpstream)]
    public Task AnIdleConnectionsResetIsPassedOn(Direction from) => IsPassedOnAsync(from, async (resets, sees) =>
    {
        resets.Reset();
        await sees.AssertEndsAsync(default, Ending.Rst);
    });

    [Theory(Timeout = 60_000)]
    [InlineData(Direction.FromClient)]
    [InlineData(Direction.FromUpstream)]
    public Task DataBeforeTheResetArrives(Direction from) => IsPassedOnAsync(from, async (resets, sees) =>
    {
        await resets.SendAllAsync("last words"u8.ToArray());
        resets.Reset();
        await sees.AssertEndsAsync("last words"u8.ToArray(), Ending.Rst);
    });

    [Theory(Timeout = 60_000)]
    [InlineData(Direction.FromClient)]
    [InlineData(Direction.FromUpstream)]
    public Task AResetIntoAStreamEndsIt(Direction from) => IsPassedOnAsync(from, async (resets, sees) =>
    {
        Task<Exception?> streaming = Task.Run(async () => await Record.ExceptionAsync(() => StreamForeverAsync(sees)));
        await resets.ReceiveExactlyAsync(1_000_000);
        resets.Reset();
        var ended = Assert.IsType<SocketException>(await streaming.OrHung("the sender to see the reset"));
        Assert.True(ended.IsReset, ended.ToString());
    });

    // The kernel tells an error once. When that is to a send, the receive after it finds an ordinary end of stream.
    [Fact(Timeout = 120_000)]
    public async Task AResetThatMeetsBytesIsNotTakenForAnEndOfStream()
    {
        using var server = new Server();
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(server.EndPoint);
        byte[] bytes = new byte[4000];
        for (int round = 0; round < 1000; round++)
        {
            using Socket client = await Sockets.DialAsync(proxy.EndPoint);
            using Socket accepted = await server.AcceptAsync();
            await accepted.SendAllAsync(bytes.AsMemory(0, 1));
            await client.ReceiveExactlyAsync(1);

            using var together = new Barrier(2);
            Task<SocketError> sending = Task.Run(() =>
            {
                together.SignalAndWait(Deadline.Token);
                accepted.Send(bytes, SocketFlags.None, out SocketError error);
                return error;
            });
            together.SignalAndWait(Deadline.Token);
            Thread.SpinWait(round);
            client.Reset();
            // The same holds for the test's own socket.
            if (await sending == SocketError.Success)
                await accepted.AssertEndsAsync(default, Ending.Rst);
            AssertReset(Direction.FromClient, await proxy.NextResultAsync());
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData(Direction.FromClient)]
    [InlineData(Direction.FromUpstream)]
    public Task AResetIntoAHalfClosedConnectionIsPassedOn(Direction from) => IsPassedOnAsync(from, async (resets, sees) =>
    {
        sees.SendFin();
        await resets.AssertEndsAsync(default, Ending.Fin);
        resets.Reset();
        await sees.AssertEndsAsync(default, Ending.Rst);
    });

    [Theory(Timeout = 60_000)]
    [InlineData(Direction.FromClient)]
    [InlineData(Direction.FromUpstream)]
    public async Task AResetAfterItsSendersFinIsPassedOn(Direction from)
    {
        Assert.SkipUnless(TransportUnderTest.SeesResetWithoutReading, "the stock transport no longer looks at a socket whose FIN it has read");
        await using Link link = await Link.OpenAsync();
        (Socket resets, Socket sees) = Sides(link, from);
        resets.SendFin();
        Assert.Equal(0, await sees.ReceiveAsync(new byte[1], Deadline.Token));
        resets.Reset();
        AssertReset(from, await link.ResultAsync());
        await Assert.ThrowsAsync<SocketException>(() => StreamForeverAsync(sees));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(Direction.FromClient)]
    [InlineData(Direction.FromUpstream)]
    public Task AResetBehindAReaderThatTakesNothingIsPassedOn(Direction from)
    {
        Assert.SkipUnless(TransportUnderTest.SeesResetWithoutReading, "the stock transport does not look at a socket whose bytes are stuck");
        return IsPassedOnAsync(from, async (resets, sees) =>
        {
            await resets.FillAsync();
            resets.Reset();
            Assert.Equal(Ending.Rst, (await sees.ReceiveToEndAsync()).Ending);
        });
    }

    // The result of a connection that one side resets is that side's reset.
    private static async Task IsPassedOnAsync(Direction from, Func<Socket, Socket, Task> play)
    {
        await using Link link = await Link.OpenAsync();
        (Socket resets, Socket sees) = Sides(link, from);
        await play(resets, sees);
        AssertReset(from, await link.ResultAsync());
    }

    private static (Socket Resets, Socket Sees) Sides(Link link, Direction from) =>
        from == Direction.FromClient ? (link.Client, link.Server) : (link.Server, link.Client);

    private static void AssertReset(Direction from, SpliceResult result)
    {
        Assert.Equal(from == Direction.FromClient ? EndReason.ClientReset : EndReason.UpstreamReset, result.Reason);
        // To a socket that has had its FIN, the kernel tells a reset as EPIPE.
        Assert.Contains(result.Errno, new[] { Errno.ECONNRESET, Errno.EPIPE });
    }

    private static async Task StreamForeverAsync(Socket socket)
    {
        byte[] piece = new byte[50_000];
        while (true)
            await socket.SendAllAsync(piece);
    }
}
