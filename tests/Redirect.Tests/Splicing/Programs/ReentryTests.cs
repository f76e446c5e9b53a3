using Sluice.Redirect.Maps;
using Sluice.Redirect.Splicing.Programs;
using Sluice.Redirect.Verdicts;
using Sluice.SockMapConformance.Model;

namespace Sluice.Redirect.Tests.Splicing.Programs;

/// <summary>What happens to a psock while its own program is judging.</summary>
public sealed class ReentryTests
{
    [Fact]
    public Task Programs_that_change_in_the_middle_of_a_message_change_after_it() => Topology.RunAsync(async t =>
    {
        // Both sockets of a pair leave their maps while p1's program judges. What c2 has corked then goes back out of p1, which
        // is where p1 would take up its own change.
        List<SockMap> maps = [];
        var corked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        maps.Add(t.Attach(Topology.P1, AttachType.SkSkbVerdict, m =>
        {
            if (m.StreamOffset == 0)
                maps.ForEach(map => Assert.Equal(Errno.None, map.Delete(0)));
            return m.ApplyBytes(1) == Errno.None ? Verdict.Pass : Verdict.Drop;
        }));
        maps.Add(t.Attach(Topology.C2, AttachType.SkSkbVerdict, m =>
        {
            corked.TrySetResult();
            return m.CorkBytes(1000) == Errno.None ? Verdict.Pass : Verdict.Drop;
        }));
        t[Topology.P1].Forward = t[Topology.C2];
        t[Topology.C2].Forward = t[Topology.P1];
        t.Start();

        Assert.Equal(10, await t[Topology.P2].SendAsync(Traffic.Content(0, 10)));
        await corked.Task;
        Assert.Equal(5, await t[Topology.C1].SendAsync(Traffic.Content(0, 5)));
        Assert.Equal(Traffic.Content(0, 5), await t[Topology.P2].ReceiveAsync(5));
        Assert.Equal(Traffic.Content(0, 10), await t[Topology.C1].ReceiveAsync(10));
        Assert.Empty(t.EndedOnes);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1_000_000)]
    public Task A_send_that_fails_in_the_middle_of_a_message_loses_each_byte_once(int corkAfterwards) => Topology.RunAsync(async t =>
    {
        const int Size = 20_000;
        t.Attach(Topology.C1, AttachType.SkMsgVerdict, m =>
        {
            m.CorkBytes(m.StreamOffset == 0 ? 0 : corkAfterwards);
            return m.ApplyBytes(5000) == Errno.None ? Verdict.Pass : Verdict.Drop;
        });
        t[Topology.P1].Abort();
        Assert.True(await t[Topology.C1].SendAsync(Traffic.Content(0, Size)) < 0);
        Assert.Equal(Size, t[Topology.C1].LostBytes);
    });

    [Fact]
    public Task What_was_redirected_before_a_defect_still_leaves() => RunWithReportAsync(
        (_, _) => throw new InvalidTimeZoneException("boom"),
        async t =>
        {
            await t[Topology.P1].AssertEndsAsync([], -(int)Errno.EIO);
            Assert.Contains(t[Topology.P1], t.EndedOnes);
            Assert.Equal(EndReason.InternalError, t[Topology.P1].End!.Reason);
            Assert.IsType<InvalidTimeZoneException>(Assert.Single(t.Unhandled));
            t.Unhandled.Clear();
        });

    [Fact]
    public Task A_psock_that_its_owner_ends_while_it_judges_accounts_for_every_byte() => RunWithReportAsync(
        (psock, _) => psock.Abort(),
        async t =>
        {
            await t[Topology.P1].AssertEndsAsync([], 0);
            Assert.Equal((1, 9, 0, 9), (
                t[Topology.P1].Arrived.Redirected, t[Topology.P1].Arrived.RedirectFailed, t[Topology.P1].Arrived.Passed, t[Topology.P1].LostBytes));
        });

    // The first byte goes to c2, the others to nobody.
    private static Task RunWithReportAsync(Action<Psock, Decision> report, Func<Topology, Task> assertEndOfP1) => Topology.RunAsync(
        async t =>
        {
            t.Attach(Topology.P1, AttachType.SkSkbVerdict, m =>
            {
                m.ApplyBytes(m.StreamOffset == 0 ? 1 : 0);
                return m.Redirect(t.Map, m.StreamOffset == 0 ? Topology.C2 : 7u);
            });
            t.Start();
            Assert.Equal(10, await t[Topology.C1].SendAsync(Traffic.Content(0, 10)));
            Assert.Equal(Traffic.Content(0, 1), await t[Topology.P2].ReceiveAsync(1));
            await assertEndOfP1(t);
        },
        new PsockOptions { RedirectFailed = report });
}
