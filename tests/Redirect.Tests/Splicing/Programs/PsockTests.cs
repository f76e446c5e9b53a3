using Sluice.Redirect.Maps;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing.Programs;
using Sluice.Redirect.Verdicts;
using Sluice.SockMapConformance.Model;

namespace Sluice.Redirect.Tests.Splicing.Programs;

/// <summary>Where bytes go and how streams end: what the kernel loses is not lost here.</summary>
public sealed class PsockTests
{
    [Fact]
    public Task Fin_follows_the_data_it_came_after_through_a_redirect() => Topology.RunAsync(async t =>
    {
        t.Attach(Topology.P1, AttachType.SkSkbVerdict, m => m.Redirect(t.Map, Topology.C2));
        t[Topology.P1].Forward = t[Topology.C2];
        t.Start();
        Task sending = SendAndEndAsync(t[Topology.C1], 64, 8192);
        await t[Topology.P2].AssertEndsAsync(Traffic.Whole(64, 8192), 0);
        await sending;
    });

    [Fact]
    public Task Passed_bytes_go_out_of_the_other_socket_of_a_pair_and_so_does_the_fin() => Topology.RunAsync(async t =>
    {
        // The proxy's read loop in the engine: both programs judge, sk_skb on arrival and sk_msg on the way out.
        t.Attach(Topology.P1, AttachType.SkSkbVerdict, m => m.ApplyBytes(1000) == Errno.None ? Verdict.Pass : Verdict.Drop);
        t.Attach(Topology.C2, AttachType.SkMsgVerdict, m => m.CorkBytes(5000) == Errno.None ? Verdict.Pass : Verdict.Drop);
        t[Topology.P1].Forward = t[Topology.C2];
        t[Topology.C2].Forward = t[Topology.P1];
        t.Start();
        Task sending = SendAndEndAsync(t[Topology.C1], 33, 8193);
        await t[Topology.P2].AssertEndsAsync(Traffic.Whole(33, 8193), 0);
        await sending;

        await SendAndEndAsync(t[Topology.P2], 3, 100);
        await t[Topology.C1].AssertEndsAsync(Traffic.Whole(3, 100), 0);
        Assert.Empty(t.EndedOnes);
    });

    [Fact]
    public Task A_cork_is_flushed_at_the_end_of_the_stream_where_it_arrives() => Topology.RunAsync(async t =>
    {
        t.Attach(Topology.P1, AttachType.SkSkbVerdict, m => m.CorkBytes(1000) == Errno.None ? Verdict.Pass : Verdict.Drop);
        t.Start();
        await SendAndEndAsync(t[Topology.C1], 1, 10);
        await t[Topology.P1].AssertEndsAsync(Traffic.Whole(1, 10), 0);
    });

    [Fact]
    public Task A_cork_is_flushed_when_the_sender_shuts_down_or_leaves_its_maps() => Topology.RunAsync(async t =>
    {
        SockMap map = t.Attach(Topology.C1, AttachType.SkMsgVerdict, m => m.CorkBytes(1000) == Errno.None ? Verdict.Pass : Verdict.Drop);
        t.Start();
        Assert.Equal(10, await t[Topology.C1].SendAsync(Traffic.Content(0, 10)));
        Assert.Equal(Errno.None, map.Delete(0));
        Assert.Equal(Errno.None, t.Map.Delete(Topology.C1));
        Assert.Equal(Traffic.Content(0, 10), await t[Topology.P1].ReceiveAsync(10));

        Assert.Equal(5, await t[Topology.C1].SendAsync(Traffic.Content(10, 5)));
        Assert.Equal(Traffic.Content(10, 5), await t[Topology.P1].ReceiveAsync(5));
    });

    [Fact]
    public Task What_programs_wait_for_counts_as_held_and_is_given_back() => Topology.RunAsync(async t =>
    {
        var corked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        t.Attach(Topology.C1, AttachType.SkMsgVerdict, m => m.CorkBytes(1000) == Errno.None ? Verdict.Pass : Verdict.Drop);
        t.Attach(Topology.P1, AttachType.SkSkbStreamVerdict, _ => Verdict.Pass, m =>
        {
            corked.TrySetResult();
            return 5000;
        });
        t.Start();
        Reactor reactor = t[Topology.C1].Reactor;
        Assert.Equal(900, await t[Topology.C1].SendAsync(Traffic.Content(0, 900)));
        Assert.InRange(reactor.HeldBytes, 900, 2048);
        Assert.Equal(3100, await t[Topology.C1].SendAsync(Traffic.Content(900, 3100)));
        await corked.Task;
        Assert.InRange(reactor.HeldBytes, 4000, 8192);
        Assert.Equal(1000, await t[Topology.C1].SendAsync(Traffic.Content(4000, 1000)));
        Assert.Equal(Traffic.Content(0, 5000), await t[Topology.P1].ReceiveAsync(5000));
        Assert.Equal(0, reactor.HeldBytes);
    });

    [Fact]
    public Task A_part_of_a_frame_is_flushed_at_the_end_of_the_stream() => Topology.RunAsync(async t =>
    {
        t.Attach(Topology.P1, AttachType.SkSkbStreamVerdict, _ => Verdict.Pass, _ => 1000);
        t.Start();
        await SendAndEndAsync(t[Topology.C1], 1, 1010);
        await t[Topology.P1].AssertEndsAsync(Traffic.Whole(1, 1010), 0);
    });

    [Fact]
    public Task Bytes_that_arrived_before_the_insertion_are_judged() => Topology.RunAsync(async t =>
    {
        t[Topology.C1].Start();
        Assert.Equal(100, await t[Topology.C1].SendAsync(Traffic.Content(0, 100)));
        long runs = 0;
        t.Attach(Topology.P1, AttachType.SkSkbVerdict, _ => ++runs > 0 ? Verdict.Pass : Verdict.Drop);
        t[Topology.P1].Start();
        Assert.Equal(Traffic.Content(0, 100), await t[Topology.P1].ReceiveAsync(100));
        Assert.NotEqual(0, runs);
    });

    [Fact]
    public Task A_redirect_to_a_missing_key_passes_and_is_counted() => Topology.RunAsync(t =>
        FailRedirectAsync(t, m => m.Redirect(t.Map, 7u)));

    [Fact]
    public Task A_redirect_to_a_socket_that_sends_no_more_passes_and_is_counted() => Topology.RunAsync(t =>
    {
        t[Topology.C2].ShutdownSend();
        return FailRedirectAsync(t, m => m.Redirect(t.Map, Topology.C2));
    });

    [Fact]
    public Task A_redirect_to_a_closed_socket_that_was_found_before_passes_and_is_counted() => Topology.RunAsync(t =>
    {
        var map = new Verdicts.FakeMap { [0] = t.Socket(Topology.C2) };
        t[Topology.C2].Abort();
        return FailRedirectAsync(t, m => m.Redirect(map, 0, RedirectFlags.Ingress));
    });

    [Fact]
    public Task A_redirect_to_a_socket_of_another_reactor_passes_and_is_counted() => Topology.RunAsync(async t =>
    {
        using var other = new Reactor(1, 1 << 20);
        var map = new Verdicts.FakeMap { [0] = new StreamSocket(other, -1, Sluice.Redirect.Linux.AddressFamily.Inet) };
        await FailRedirectAsync(t, m => m.Redirect(map, 0));
    });

    [Fact]
    public async Task A_failed_redirect_of_what_is_sent_goes_where_it_was_going_and_is_reported()
    {
        List<Decision> reported = [];
        await Topology.RunAsync(
            async t =>
            {
                t.Attach(Topology.C1, AttachType.SkMsgVerdict, m => m.Redirect(t.Map, 7u));
                t.Start();
                Assert.Equal(10, await t[Topology.C1].SendAsync(Traffic.Content(0, 10)));
                Assert.Equal(Traffic.Content(0, 10), await t[Topology.P1].ReceiveAsync(10));
                Assert.Equal((10, 10), (t[Topology.C1].Sent.RedirectFailed, t[Topology.C1].Sent.Passed));
            },
            new PsockOptions { RedirectFailed = (_, decision) => reported.Add(decision) });
        Assert.True(Assert.Single(reported).RedirectFailed);
    }

    [Theory]
    [InlineData(RedirectFlags.Egress)]
    [InlineData(RedirectFlags.Ingress)]
    public Task A_redirect_goes_nowhere_twice(RedirectFlags flags) => Topology.RunAsync(async t =>
    {
        // What is redirected is not judged by the programs of the socket it goes to.
        t.Attach(Topology.P1, AttachType.SkSkbVerdict, m => m.Redirect(t.Map, Topology.C2, flags));
        t.Attach(Topology.C2, AttachType.SkMsgVerdict, _ => Verdict.Drop);
        t.Start();
        await t[Topology.C1].SendAsync(1, 10);
        Psock reader = t[flags == RedirectFlags.Egress ? Topology.P2 : Topology.C2];
        Assert.Equal(Traffic.Whole(1, 10), await reader.ReceiveAsync(10));
    });

    [Fact]
    public Task What_is_redirected_to_the_reader_of_a_pair_goes_out_of_the_other_socket_unjudged() => Topology.RunAsync(async t =>
    {
        // Nobody reads c2: what it receives is sent through p1.
        t.Attach(Topology.P1, AttachType.SkSkbVerdict, m => m.Redirect(t.Map, Topology.C2, RedirectFlags.Ingress));
        t.Attach(Topology.P1, AttachType.SkMsgVerdict, _ => Verdict.Drop);
        t[Topology.P1].Forward = t[Topology.C2];
        t[Topology.C2].Forward = t[Topology.P1];
        t.Start();
        await SendAndEndAsync(t[Topology.C1], 20, 100);
        await t[Topology.P2].AssertEndsAsync([], 0);
        Assert.Equal(Traffic.Whole(20, 100), await t[Topology.C1].ReceiveAsync(2000));
        Assert.Equal((2000, 0), (t[Topology.P1].Arrived.Redirected, t[Topology.P1].Sent.Dropped));
    });

    [Fact]
    public Task A_redirect_that_comes_back_to_the_socket_that_asked_for_it_leaves_by_it() => Topology.RunAsync(async t =>
    {
        t.Attach(Topology.P1, AttachType.SkMsgVerdict, m => m.Redirect(t.Map, Topology.C2, RedirectFlags.Ingress));
        t[Topology.P1].Forward = t[Topology.C2];
        t[Topology.C2].Forward = t[Topology.P1];
        t.Start();
        Assert.Equal(10, await t[Topology.P1].SendAsync(Traffic.Content(0, 10)));
        Assert.Equal(Traffic.Content(0, 10), await t[Topology.C1].ReceiveAsync(10));
        Assert.Equal((0, 10), (t[Topology.P1].Sent.RedirectFailed, t[Topology.P1].Sent.Redirected));
    });

    [Fact]
    public Task A_reset_is_told_after_the_data_before_it() => Topology.RunAsync(async t =>
    {
        t.Attach(Topology.P1, AttachType.SkSkbVerdict, _ => Verdict.Pass);
        t.Start();
        await t[Topology.C1].SendAsync(1, 10);
        byte[] first = await t[Topology.P1].ReceiveAsync(10);
        t[Topology.C1].Abort();
        Assert.Equal(-(int)Errno.ECONNRESET, await t[Topology.P1].ReceiveAsync(new byte[1].AsMemory()));
        Assert.Equal(Traffic.Whole(1, 10), first);
        Assert.Equal(Sluice.Redirect.EndReason.UpstreamReset, Assert.Single(t.EndedOnes).End!.Reason);
        Assert.True(await t[Topology.P1].SendAsync(new byte[1]) < 0);
    });

    [Fact]
    public Task What_had_arrived_before_a_send_failed_is_still_judged() => Topology.RunAsync(async t =>
    {
        t.Attach(Topology.C1, AttachType.SkSkbVerdict, _ => Verdict.Pass);
        t[Topology.P1].Start();
        await t[Topology.P1].SendAsync(1, 10);
        t[Topology.P1].Abort();

        // Until the RST is noticed by a send, nothing is received: c1 has not started.
        int sent;
        do
        {
            sent = await t[Topology.C1].SendAsync(Traffic.Content(0, 1000));
        }
        while (sent > 0);
        Assert.Contains((Errno)(-sent), new[] { Errno.ECONNRESET, Errno.EPIPE });

        t[Topology.C1].Start();
        await t[Topology.C1].AssertEndsAsync(Traffic.Whole(1, 10), sent);
        Assert.Equal(Sluice.Redirect.EndReason.ClientReset, Assert.Single(t.EndedOnes).End!.Reason);
    });

    [Fact]
    public Task Bytes_that_have_nowhere_to_go_are_counted() => Topology.RunAsync(async t =>
    {
        t[Topology.P1].Forward = t[Topology.C2];
        t.Start();
        t[Topology.C2].ShutdownSend();
        await SendAndEndAsync(t[Topology.C1], 1, 10);
        await t[Topology.P1].AssertEndsAsync([], 0);
        Assert.Equal(10, t[Topology.P1].LostBytes);
    });

    private static async Task FailRedirectAsync(Topology t, Func<Message, Verdict> redirect)
    {
        t.Attach(Topology.P1, AttachType.SkSkbVerdict, redirect);
        foreach (uint name in new[] { Topology.C1, Topology.P1 })
            t[name].Start();
        await SendAndEndAsync(t[Topology.C1], 2, 50);
        await t[Topology.P1].AssertEndsAsync(Traffic.Whole(2, 50), 0);
        Assert.Equal((100, 100, 0), (t[Topology.P1].Arrived.RedirectFailed, t[Topology.P1].Arrived.Passed, t[Topology.P1].Arrived.Redirected));
    }

    private static async Task SendAndEndAsync(Psock psock, int count, int size)
    {
        await psock.SendAsync(count, size);
        psock.ShutdownSend();
    }
}
