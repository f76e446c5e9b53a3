using System.Net.Sockets;
using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Splicing.Kernel;

namespace Sluice.Functional;

/// <summary>
/// A retransmission that overlaps bytes delivered before: the kernel hands the whole skb to the verdict program, with the old
/// bytes, and nobody but the program cuts them off.
/// </summary>
public sealed class OverlapTests
{
    [Theory(Timeout = 60_000)]
    [InlineData(1, true)]
    [InlineData(10, true)]
    [InlineData(4096, true)]
    [InlineData(30_000, true)]
    [InlineData(60_000, true)]
    [InlineData(10, false)]
    [InlineData(30_000, false)]
    public async Task OverlappingBytesComeOnce(int overlap, bool inKernel)
    {
        await using KernelLink link = await KernelLink.OpenAsync();
        if (!inKernel)
        {
            link.Pair.Demote();
            await link.OnReactorAsync(() => { }); // what was posted before has run
        }

        byte[] stream = new byte[overlap + 5000];
        new Random(overlap).NextBytes(stream);
        await link.Client.SendAllAsync(stream);
        Assert.Equal(stream, await link.Server.ReceiveExactlyAsync(stream.Length));

        byte[] fresh = "and something new"u8.ToArray();
        try
        {
            RawSegment.Inject(link.Client, overlap, [.. stream[^overlap..], .. fresh]);
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.AccessDenied or SocketError.OperationNotSupported)
        {
            Assert.False(Environment.GetEnvironmentVariable("SLUICE_REQUIRE_KERNEL") == "1", "no raw sockets, and SLUICE_REQUIRE_KERNEL=1");
            Assert.Skip($"raw sockets are not permitted: {error.SocketErrorCode}");
        }

        Assert.Equal(fresh, await link.Server.ReceiveExactlyAsync(fresh.Length).OrHung("what was new in the segment"));
        Assert.Equal(inKernel ? DataPath.Sockmap : DataPath.Copy, link.Pair.PathFromClient);
        link.Pair.Abort(EndReason.Aborted); // the client's TCP does not know what was sent in its name
        Assert.Equal(stream.Length + fresh.Length, (await link.ResultAsync()).BytesFromClient);
        Assert.Equal((1, 0), (link.Engine.Counters.Overlaps, link.Engine.Counters.Refused(OffloadRefused.Gap)));
        await link.Server.AssertEndsAsync(default, Ending.Rst);
    }
}
