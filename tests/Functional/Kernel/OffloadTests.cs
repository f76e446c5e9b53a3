using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Sluice.Functional.Proxy;
using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Splicing.Kernel;

namespace Sluice.Functional;

/// <summary>The way of a connection into the kernel and back.</summary>
public sealed class OffloadTests
{
    [Fact(Timeout = 60_000)]
    public async Task AConversationGoesToTheKernel()
    {
        KernelEngine? engine = null;
        await using Link link = await Link.OpenAsync(transport: () => KernelUnderTest.CreateTransport(new OffloadOptions { ReadsBefore = 2 }, out engine));
        byte[] message = new byte[1000];
        for (int i = 0; i < 50; i++)
        {
            Random.Shared.NextBytes(message);
            await link.Client.SendAllAsync(message);
            Assert.Equal(message, await link.Server.ReceiveExactlyAsync(message.Length));
            await link.Server.SendAllAsync(message);
            Assert.Equal(message, await link.Client.ReceiveExactlyAsync(message.Length));
        }

        Assert.Equal((DataPath.Sockmap, DataPath.Sockmap), (link.Pair.PathFromClient, link.Pair.PathFromUpstream));
        link.Client.SendFin();
        await link.Server.AssertEndsAsync(default, Ending.Fin);
        link.Server.SendFin();
        await link.Client.AssertEndsAsync(default, Ending.Fin);
        SpliceResult result = await link.ResultAsync();
        Assert.Equal((EndReason.Completed, 50_000L, 50_000L), (result.Reason, result.BytesFromClient, result.BytesFromUpstream));
        Assert.True(link.Proxy.Meter.Read(Direction.FromClient, DataPath.Sockmap) > 40_000, "most of it was copied");
        Assert.Equal(1, engine!.Counters.Pairs);
    }

    /// <summary>It would let redirected bytes wait for the reader, and the other direction with them.</summary>
    [Fact(Timeout = 60_000)]
    public async Task TheSystemsLimitOfUnsentBytesDoesNotApply()
    {
        const int Tcp = 6, NotSentLowWater = 25;
        await using KernelLink link = await KernelLink.OpenAsync();
        foreach (ConnectionContext connection in new[] { link.Pair.Client, link.Pair.Upstream })
        {
            byte[] limit = new byte[sizeof(int)];
            await link.OnReactorAsync(() => ((ReactorConnection)connection).Socket.EnterSockMap(null!, fd =>
            {
                using var socket = new Socket(new SafeSocketHandle(fd, ownsHandle: false));
                socket.GetRawSocketOption(Tcp, NotSentLowWater, limit);
                return Errno.EINVAL; // and so nothing has happened to it
            }));
            Assert.Equal(int.MaxValue, BitConverter.ToInt32(limit));
        }
    }
}
