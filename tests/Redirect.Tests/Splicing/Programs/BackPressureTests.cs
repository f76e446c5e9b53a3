using Sluice.Redirect.Maps;
using Sluice.Redirect.Splicing.Programs;
using Sluice.Redirect.Verdicts;
using Sluice.SockMapConformance.Model;

namespace Sluice.Redirect.Tests.Splicing.Programs;

/// <summary>A reader that never reads stops the sender, whatever the verdict; the kernel's redirect takes all memory there.</summary>
public sealed class BackPressureTests
{
    private const int QueueBytes = 32 * 1024;
    private const int MessageBytes = 16 * 1024;

    private static readonly PsockOptions Small = new() { QueueBytes = QueueBytes };

    [Theory]
    [InlineData("pass")]
    [InlineData("redirect")]
    [InlineData("redirect ingress")]
    [InlineData("forward")]
    public Task A_reader_that_reads_late_stops_the_sender_and_gets_everything(string way) => Topology.RunAsync(
        async t =>
        {
            t.Attach(Topology.P1, AttachType.SkSkbVerdict, m => way switch
            {
                "redirect" => m.Redirect(t.Map, Topology.C2),
                "redirect ingress" => m.Redirect(t.Map, Topology.C2, RedirectFlags.Ingress),
                _ => Verdict.Pass,
            });
            if (way == "forward")
                t[Topology.P1].Forward = t[Topology.C2];
            t.Start();

            (int sent, Task<int> last) = await SendUntilStoppedAsync(t[Topology.C1]);
            foreach (uint name in new[] { Topology.C1, Topology.P1, Topology.C2, Topology.P2 })
            {
                Assert.InRange(t[name].UnreadBytes, 0, 2 * QueueBytes);
                Assert.InRange(t[name].UnsentBytes, 0, 2 * QueueBytes);
            }

            Psock reader = t[way switch { "pass" => Topology.P1, "redirect ingress" => Topology.C2, _ => Topology.P2 }];
            Assert.Equal(Traffic.Content(0, sent), await reader.ReceiveAsync(sent));
            Assert.Equal(MessageBytes, await last);
        },
        Small);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task However_much_a_program_inserts_a_queue_exceeds_its_limit_by_one_segment(bool framed) => Topology.RunAsync(
        async t =>
        {
            const int Pushed = 10_000;
            const int Sent = 3000;
            AttachType slot = framed ? AttachType.SkSkbStreamVerdict : AttachType.SkSkbVerdict;
            t.Attach(Topology.P1, slot, m => Push(m, Pushed), framed ? _ => 1 : null);
            t[Topology.P1].Forward = t[Topology.C2];
            t[Topology.P1].Start();
            t[Topology.C1].Start();
            await t[Topology.C1].SendAsync(1, Sent);
            t[Topology.C1].ShutdownSend();

            // Nobody reads yet, so it comes to a stop; then every byte arrives, in order, and the end after the last.
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
            for (long before = -1; t[Topology.C2].UnsentBytes < QueueBytes || t[Topology.C2].UnsentBytes != before;)
            {
                before = t[Topology.C2].UnsentBytes;
                await tick.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            }

            Assert.InRange(t[Topology.C2].UnsentBytes, QueueBytes, QueueBytes + Pushed + 1);
            t[Topology.P2].Start();
            byte[] all = await t[Topology.P2].ReceiveAsync(Sent * (Pushed + 1));
            Assert.Equal(Traffic.Content(0, Sent), all.Where((_, at) => at % (Pushed + 1) == Pushed));
            Assert.Equal((long)Sent * Pushed, all.LongCount(b => b == 0));
            await t[Topology.P2].AssertEndsAsync([], 0);

            static Verdict Push(Message message, int count)
            {
                Assert.Equal(Errno.None, message.PushData(0, count));
                Assert.Equal(Errno.None, message.ApplyBytes(count + 1));
                return Verdict.Pass;
            }
        },
        Small);

    [Fact]
    public Task A_socket_that_has_not_begun_to_receive_sends_what_is_redirected_to_it() => Topology.RunAsync(
        async t =>
        {
            t.Attach(Topology.P1, AttachType.SkSkbVerdict, m => m.Redirect(t.Map, Topology.C2));
            foreach (uint name in new[] { Topology.C1, Topology.P1, Topology.P2 })
                t[name].Start();
            (int sent, Task<int> last) = await SendUntilStoppedAsync(t[Topology.C1]);
            Assert.Equal(Traffic.Content(0, sent), await t[Topology.P2].ReceiveAsync(sent));
            Assert.Equal(MessageBytes, await last);
        },
        Small);

    [Theory]
    [InlineData(RedirectFlags.Egress)]
    [InlineData(RedirectFlags.Ingress)]
    public Task A_redirect_of_what_is_sent_stops_the_sender(RedirectFlags flags) => Topology.RunAsync(
        async t =>
        {
            t.Attach(Topology.C1, AttachType.SkMsgVerdict, m => m.Redirect(t.Map, flags == RedirectFlags.Egress ? Topology.C2 : Topology.P2, flags));
            t.Start();
            (int sent, Task<int> last) = await SendUntilStoppedAsync(t[Topology.C1]);
            Assert.Equal(Traffic.Content(0, sent), await t[Topology.P2].ReceiveAsync(sent));
            Assert.Equal(MessageBytes, await last);
        },
        Small);

    // Until a send is not done although the reactor has had some hundred turns for it.
    private static async Task<(int Sent, Task<int> Last)> SendUntilStoppedAsync(Psock psock)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        for (int sent = 0; ;)
        {
            Task<int> sending = psock.SendAsync(Traffic.Content(sent, MessageBytes)).AsTask();
            sent += MessageBytes;
            for (int i = 0; i < 200 && !sending.IsCompleted; i++)
                await tick.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            if (!sending.IsCompleted)
                return (sent, sending);

            Assert.InRange(sent, 0, 256 * 1024 * 1024);
            Assert.Equal(MessageBytes, await sending);
        }
    }
}
