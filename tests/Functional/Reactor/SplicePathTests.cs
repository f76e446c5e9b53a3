using Sluice.Functional.Proxy;
using Sluice.Functional.Wire;
using Sluice.Redirect.Splicing;
using Sluice.Redirect;

namespace Sluice.Functional;

/// <summary>The way into splice(2), out of it again, and every end that can come while its pipe holds bytes.</summary>
public sealed class SplicePathTests
{
    private const int Piece = 4 * 1024 * 1024;

    [Fact(Timeout = 120_000)]
    public async Task SmallMessagesAfterALongStreamAreCopiedAndInOrder()
    {
        await using Link link = await Link.OpenAsync();
        await EnterSpliceAsync(link);
        byte[] message = new byte[100];
        for (int i = 0; i < 200; i++)
        {
            Random.Shared.NextBytes(message);
            await link.Client.SendAllAsync(message);
            Assert.Equal(message, await link.Server.ReceiveExactlyAsync(message.Length));
        }

        Assert.Equal(DataPath.Copy, link.Pair.PathFromClient);
        link.Client.SendFin();
        await link.Server.AssertEndsAsync(default, Ending.Fin);
        link.Server.SendFin();
        Assert.Equal(EndReason.Completed, (await link.ResultAsync()).Reason);
    }

    [Fact(Timeout = 120_000)]
    public async Task AFinBehindAFullPipeComesAfterItsBytes()
    {
        await using Link link = await Link.OpenAsync();
        await EnterSpliceAsync(link);
        long sent = await link.Client.FillAsync();
        link.Client.SendFin();

        // The other direction goes on meanwhile.
        await link.Server.SendAllAsync("meanwhile"u8.ToArray());
        Assert.Equal("meanwhile"u8.ToArray(), await link.Client.ReceiveExactlyAsync(9));
        (byte[] bytes, Ending ending) = await link.Server.ReceiveToEndAsync();
        Assert.Equal((sent, Ending.Fin), (bytes.Length, ending));
    }

    [Fact(Timeout = 120_000)]
    public async Task AResetBehindAFullPipeIsPassedOn()
    {
        await using Link link = await Link.OpenAsync();
        await EnterSpliceAsync(link);
        await link.Client.FillAsync();
        link.Client.Reset();
        Assert.Equal(Ending.Rst, (await link.Server.ReceiveToEndAsync()).Ending);
        Assert.Equal(EndReason.ClientReset, (await link.ResultAsync()).Reason);
    }

    [Fact(Timeout = 120_000)]
    public async Task AReaderThatResetsIntoAFullPipeEndsItsSender()
    {
        await using Link link = await Link.OpenAsync();
        await EnterSpliceAsync(link);
        await link.Client.FillAsync();
        link.Server.Reset();
        Assert.Equal(Ending.Rst, (await link.Client.ReceiveToEndAsync()).Ending);
        Assert.Equal(EndReason.UpstreamReset, (await link.ResultAsync()).Reason);
    }

    /// <summary>
    /// Streams until the client's bytes are spliced, and checks each of them. Gives the piece that was streamed last.
    /// A sender ahead of the proxy is what fills its reads, so the piece is waiting before its reader begins.
    /// </summary>
    internal static async Task<byte[]> EnterSpliceAsync(Link link)
    {
        byte[] piece = new byte[Piece];
        for (int i = 0; i < 256 && !IsSpliced(link); i++)
        {
            Random.Shared.NextBytes(piece);
            Task sending = link.Client.SendAllAsync(piece);
            Assert.Equal(piece, await link.Server.ReceiveExactlyAsync(piece.Length));
            await sending;
        }

        Assert.True(IsSpliced(link), "a long stream was not spliced");
        return piece;
    }

    private static bool IsSpliced(Link link) =>
        link.Pair.PathFromClient == DataPath.Splice && link.Proxy.Meter.Read(Direction.FromClient, DataPath.Splice) > 0;
}
