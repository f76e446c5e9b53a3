using Sluice.Functional.Proxy;
using Sluice.Functional.Wire;
using Sluice.Redirect.Splicing;
using Sluice.Redirect;

namespace Sluice.Functional.Tests;

/// <summary>FIN in either order, with data still flowing the other way.</summary>
public sealed class HalfCloseTests
{
    private const int Rounds = 200;
    private const int Piece = 10_000;

    [Fact(Timeout = 60_000)]
    public async Task TheUpstreamGoesOnAfterTheClientsFin()
    {
        await using Link link = await Link.OpenAsync();
        await link.Client.SendAllAsync("ask"u8.ToArray());
        link.Client.SendFin();
        await link.Server.AssertEndsAsync("ask"u8.ToArray(), Ending.Fin);

        byte[] piece = new byte[Piece];
        for (int round = 0; round < Rounds; round++)
        {
            piece.AsSpan().Fill((byte)round);
            await link.Server.SendAllAsync(piece);
            Assert.Equal(piece, await link.Client.ReceiveExactlyAsync(Piece));
        }

        Assert.True(link.Pair.ClientClosed);
        link.Server.SendFin();
        await link.Client.AssertEndsAsync(default, Ending.Fin);
        Assert.Equal(new SpliceResult(EndReason.Completed, 3, Rounds * Piece, Direction.FromClient, Redirect.Errno.None), await link.ResultAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task TheClientGoesOnAfterTheUpstreamsFin()
    {
        await using Link link = await Link.OpenAsync();
        await link.Server.SendAllAsync("hello"u8.ToArray());
        link.Server.SendFin();
        await link.Client.AssertEndsAsync("hello"u8.ToArray(), Ending.Fin);

        byte[] piece = new byte[Piece];
        for (int round = 0; round < Rounds; round++)
        {
            piece.AsSpan().Fill((byte)round);
            await link.Client.SendAllAsync(piece);
            Assert.Equal(piece, await link.Server.ReceiveExactlyAsync(Piece));
        }

        Assert.True(link.Pair.UpstreamClosed);
        link.Client.SendFin();
        await link.Server.AssertEndsAsync(default, Ending.Fin);
        Assert.Equal(new SpliceResult(EndReason.Completed, Rounds * Piece, 5, Direction.FromUpstream, Redirect.Errno.None), await link.ResultAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task AFinWithoutAByteIsPassedOnByItself()
    {
        await using Link link = await Link.OpenAsync();
        link.Client.SendFin();
        await link.Server.AssertEndsAsync(default, Ending.Fin);
        link.Server.SendFin();
        await link.Client.AssertEndsAsync(default, Ending.Fin);
        Assert.Equal(EndReason.Completed, (await link.ResultAsync()).Reason);
    }
}
