using Sluice.Redirect.Maps;
using Sluice.SockMapConformance.Engine;
using Sluice.SockMapConformance.Model;

namespace Sluice.SockMapConformance.Behaviour;

/// <summary>Queues of 1 KiB, messages of 256 KiB, and a receiver that closes early.</summary>
public sealed class PressureTests
{
    private const int QueueBytes = 1024;
    private const int Size = 32 * 8192;

    // The selftest sends two. So many are more than the sockets' own buffers take: the sender is stopped for sure.
    private const int Count = 64;

    [Theory]
    [InlineData(0)]
    [InlineData(4097)]
    public Task A_receiver_that_closes_early_hangs_nobody(int apply) => EngineUnderTest.Verdicts.RunAsync(
        async t =>
        {
            t.Attach(End.C1, AttachType.SkMsgVerdict, ProgramSpec.Redirect(End.C2) with { Apply = apply });
            t.Start();
            Task<int> sending = SendAsync(t[End.C1]);
            Task<byte[]> atP1 = t[End.P1].ReceiveToEndAsync();
            Assert.Equal(Traffic.Content(0, 1000), await t[End.P2].ReceiveAsync(1000));
            t[End.P2].Reset();
            int sentWhole = await sending;
            if (!EngineUnderTest.Verdicts.Traits.KeepsFailedRedirects)
            {
                Assert.InRange(sentWhole, 0, Count - 1);
                Assert.Empty(await atP1);
                return;
            }

            // What c2 had taken is lost with its connection. What came later went where it was going without the redirect.
            Assert.Equal(Count, sentWhole);
            Counts sent = t[End.C1].Sent;
            Assert.Equal((long)Count * Size, sent.Redirected + sent.Passed);
            Assert.Equal(sent.Passed, sent.RedirectFailed);
            Assert.InRange(sent.Redirected, 1000, ((long)Count * Size) - 1);
            Assert.Equal(Traffic.Content(sent.Redirected, (int)sent.Passed), await atP1);
        },
        QueueBytes);

    [Fact]
    public Task A_receiver_that_reads_on_gets_everything() => EngineUnderTest.Verdicts.RunAsync(
        async t =>
        {
            t.Attach(End.C1, AttachType.SkMsgVerdict, ProgramSpec.Redirect(End.C2) with { Apply = 4097 });
            t.Start();
            (_, byte[] atP2) = await t.CollectAsync(c1 => c1.SendAsync(2, Size));
            Assert.Equal(Traffic.Whole(2, Size), atP2);
        },
        QueueBytes);

    // How many messages were sent as a whole before a send failed.
    private static async Task<int> SendAsync(ISocketUnderTest c1)
    {
        int whole = 0;
        foreach (byte[] message in Traffic.Messages(Count, Size))
        {
            if (await c1.SendAsync(message) < Size)
                break;
            whole++;
        }

        c1.ShutdownSend();
        return whole;
    }
}
