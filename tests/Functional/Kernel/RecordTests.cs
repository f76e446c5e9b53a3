using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Linux;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Splicing.Kernel;

namespace Sluice.Functional;

/// <summary>What happens when an event of the program is lost or late, or the stream it sees has a hole.</summary>
public sealed class RecordTests
{
    private static readonly byte[] _message = "some bytes"u8.ToArray();

    [Fact(Timeout = 60_000)]
    public async Task ALostEventIsMadeUpFor()
    {
        await using KernelLink link = await KernelLink.OpenAsync();
        int lost = 0;
        await link.OnReactorAsync(() =>
        {
            ref SpliceRecord record = ref link.Maps.Table[0];
            Volatile.Write(ref record.Window, 0u); // gives the stream back with the next byte
            link.Client.Send(_message);
            Assert.True(SpinWait.SpinUntil(() => (Volatile.Read(ref link.Maps.Table[0].State) & SpliceRecord.InKernel) == 0, 10_000));
            Assert.Equal(Errno.None, RingBufferReader.Map(link.Maps.Ring.Map, out RingBufferReader? ring));
            using (ring)
                lost = ring!.Consume(_ => { });
        });

        Assert.Equal(1, lost);
        Assert.Equal(_message, await link.Server.ReceiveExactlyAsync(_message.Length).OrHung("the bytes that nobody was told of"));
    }

    [Fact(Timeout = 60_000)]
    public async Task AnEventOfAConnectionThatHadTheRecordBeforeIsIgnored()
    {
        await using KernelLink link = await KernelLink.OpenAsync();
        await link.OnReactorAsync(() =>
        {
            link.Offload.OnEvent(0, SpliceEvent.Gap);
            link.Offload.OnEvent(1, SpliceEvent.Demoted);
        });
        await link.Client.SendAllAsync(_message);
        Assert.Equal(_message, await link.Server.ReceiveExactlyAsync(_message.Length));
        Assert.Equal((DataPath.Sockmap, DataPath.Sockmap), (link.Pair.PathFromClient, link.Pair.PathFromUpstream));
        Assert.Equal(0, link.Engine.Counters.Refused(OffloadRefused.Gap));
    }

    [Fact(Timeout = 60_000)]
    public async Task AHoleInTheStreamResetsTheConnection()
    {
        await using KernelLink link = await KernelLink.OpenAsync();
        await link.Client.SendAllAsync(_message);
        Assert.Equal(_message, await link.Server.ReceiveExactlyAsync(_message.Length));
        await link.OnReactorAsync(() => link.Maps.Table[0].NextSequence--);
        await link.Client.SendAllAsync(_message);
        await link.Server.AssertEndsAsync(default, Ending.Rst);
        Assert.Equal(new SpliceResult(EndReason.InternalError, _message.Length, 0, null, Errno.EPROTO), await link.ResultAsync());
        Assert.Equal(1, link.Engine.Counters.Refused(OffloadRefused.Gap));
    }
}
