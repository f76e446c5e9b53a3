using System.Net.Sockets;
using Sluice.Functional.Proxy;
using Sluice.Functional.Wire;

namespace Sluice.Functional;

/// <summary>Bytes sent with MSG_OOB arrive in their place in the stream, and nothing waits behind them.</summary>
public sealed class UrgentDataTests
{
    [Fact(Timeout = 60_000)]
    public async Task AnUrgentByteAloneArrives()
    {
        await using Link link = await Link.OpenAsync();
        SendUrgent(link.Client, "!"u8);
        Assert.Equal("!"u8.ToArray(), await link.Server.ReceiveExactlyAsync(1).OrHung("the urgent byte"));
    }

    [Fact(Timeout = 60_000)]
    public async Task UrgentBytesKeepTheirPlace()
    {
        await using Link link = await Link.OpenAsync();
        for (int round = 0; round < 200; round++)
        {
            await link.Client.SendAllAsync("ab"u8.ToArray());
            SendUrgent(link.Client, "cd"u8);
            await link.Client.SendAllAsync("ef"u8.ToArray());
            Assert.Equal("abcdef"u8.ToArray(), await link.Server.ReceiveExactlyAsync(6).OrHung($"round {round}"));
        }
    }

    /// <summary>The kernel keeps one urgent byte out of line and drops it for the next: so it must never be out of line.</summary>
    [Fact(Timeout = 60_000)]
    public async Task UrgentBytesInARowFromTheVeryBeginningArrive()
    {
        for (int round = 0; round < 50; round++)
        {
            await using Link link = await Link.OpenAsync();
            foreach (byte letter in "abcdef"u8.ToArray())
            {
                SendUrgent(link.Client, [letter]);
                SendUrgent(link.Server, [letter]);
            }

            Assert.Equal("abcdef"u8.ToArray(), await link.Server.ReceiveExactlyAsync(6).OrHung("the client's bytes"));
            Assert.Equal("abcdef"u8.ToArray(), await link.Client.ReceiveExactlyAsync(6).OrHung("the server's bytes"));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task ASplicedStreamGoesOnBehindAnUrgentByte()
    {
        await using Link link = await Link.OpenAsync();
        byte[] stream = await SplicePathTests.EnterSpliceAsync(link);
        SendUrgent(link.Client, "!"u8);
        await link.Client.SendAllAsync("and on"u8.ToArray());
        Assert.Equal("!and on"u8.ToArray(), await link.Server.ReceiveExactlyAsync(7).OrHung("what follows the stream"));

        Task sending = link.Client.SendAllAsync(stream);
        Assert.Equal(stream, await link.Server.ReceiveExactlyAsync(stream.Length));
        await sending;
        SendUrgent(link.Client, "?"u8);
        link.Client.SendFin();
        await link.Server.AssertEndsAsync("?"u8.ToArray(), Ending.Fin);
    }

    private static void SendUrgent(Socket socket, ReadOnlySpan<byte> bytes) =>
        Assert.Equal(bytes.Length, socket.Send(bytes, SocketFlags.OutOfBand));
}
