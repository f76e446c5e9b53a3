using Sluice.Redirect.Maps;
using Sluice.Redirect.Splicing.Programs;
using Sluice.Redirect.Verdicts;
using Sluice.SockMapConformance.Model;

namespace Sluice.Redirect.Tests.Splicing.Programs;

/// <summary>A bad program or a bad stream ends its own connection and leaves all others sound.</summary>
public sealed class FaultTests
{
    public static TheoryData<string> Faults => [.. Programs.Keys];

    private static readonly Dictionary<string, Func<Message, Verdict>> Programs = new()
    {
        ["throws"] = _ => throw new InvalidTimeZoneException("boom"),
        ["returns nonsense"] = _ => (Verdict)9,
        ["lives on its own pushes"] = m => m.PushData(0, 1) == Errno.None && m.ApplyBytes(1) == Errno.None ? Verdict.Pass : Verdict.Drop,
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public Task A_fault_on_arrival_ends_the_connection(string fault) => Topology.RunAsync(async t =>
    {
        SockMap map = t.Attach(Topology.P1, AttachType.SkSkbVerdict, m => m.StreamOffset == 0 && m.ApplyBytes(5) == Errno.None ? Verdict.Pass : Programs[fault](m));
        t.Start();
        Assert.Equal(10, await t[Topology.C1].SendAsync(Traffic.Content(0, 10)));

        // What was judged before the fault still counts.
        await t[Topology.P1].AssertEndsAsync(Traffic.Content(0, 5), -(int)Errno.ECONNABORTED);
        await t[Topology.C1].AssertEndsAsync([], -(int)Errno.ECONNRESET);
        await AssertFaultAsync(t, t[Topology.P1]);
        Assert.Equal(Errno.ENOENT, map.Lookup(0, out _));
    });

    [Theory]
    [MemberData(nameof(Faults))]
    public Task A_fault_on_sending_ends_the_connection(string fault) => Topology.RunAsync(async t =>
    {
        t.Attach(Topology.C1, AttachType.SkMsgVerdict, Programs[fault]);
        t.Start();
        Assert.Equal(-(int)Errno.ECONNABORTED, await t[Topology.C1].SendAsync(Traffic.Content(0, 10)));
        Assert.Equal(-(int)Errno.ECONNRESET, (await t[Topology.P1].ReceiveToEndAsync()).End);
        await AssertFaultAsync(t, t[Topology.C1]);
    });

    [Fact]
    public Task A_parser_that_throws_is_a_fault() => Topology.RunAsync(async t =>
    {
        t.Attach(Topology.P1, AttachType.SkSkbStreamVerdict, _ => Verdict.Pass, _ => throw new InvalidTimeZoneException("boom"));
        t.Start();
        await t[Topology.C1].SendAsync(Traffic.Content(0, 10));
        Assert.Equal(-(int)Errno.ECONNABORTED, (await t[Topology.P1].ReceiveToEndAsync()).End);
        await AssertFaultAsync(t, t[Topology.P1]);
    });

    [Theory]
    [MemberData(nameof(Faults))]
    public Task A_fault_at_the_end_of_the_stream_ends_the_connection_instead_of_its_FIN(string fault) => Topology.RunAsync(async t =>
    {
        t.Attach(Topology.P1, AttachType.SkSkbVerdict, m => m.IsFinal ? Programs[fault](m) : m.CorkBytes(100) == Errno.None ? Verdict.Pass : Verdict.Drop);
        t.Start();
        Assert.Equal(10, await t[Topology.C1].SendAsync(Traffic.Content(0, 10)));
        t[Topology.C1].ShutdownSend();
        await t[Topology.P1].AssertEndsAsync([], -(int)Errno.ECONNABORTED);
        Assert.InRange(t[Topology.P1].LostBytes, 10, 11); // with what the program may have inserted
        await AssertFaultAsync(t, t[Topology.P1]);
    });

    [Theory]
    [MemberData(nameof(Faults))]
    public Task A_fault_on_the_way_out_of_a_pair_ends_the_socket_that_has_the_program(string fault) => Topology.RunAsync(async t =>
    {
        t.Attach(Topology.C2, AttachType.SkMsgVerdict, m => m.StreamOffset == 0 && m.ApplyBytes(5) == Errno.None ? Verdict.Pass : Programs[fault](m));
        t[Topology.P1].Forward = t[Topology.C2];
        t.Start();
        Assert.Equal(10, await t[Topology.C1].SendAsync(Traffic.Content(0, 10)));
        (byte[] bytes, int end) = await t[Topology.P2].ReceiveToEndAsync();
        Assert.Equal((-(int)Errno.ECONNRESET, 5), (end, bytes.Length));
        PsockEnd fatal = Assert.Single(t.EndedOnes, psock => psock == t[Topology.C2]).End!;
        Assert.Equal(EndReason.ProgramFault, fatal.Reason);

        // What comes now has nowhere to go; the other half of the pair is its owner's to end.
        Assert.True(t[Topology.P1].IsOpen);
        Assert.Equal(10, await t[Topology.C1].SendAsync(Traffic.Content(10, 10)));
        t[Topology.C1].ShutdownSend();
        await t[Topology.P1].AssertEndsAsync([], 0);
        Assert.InRange(t[Topology.C2].LostBytes, 5, 6); // with what the program may have inserted
        Assert.Equal(10, t[Topology.P1].LostBytes);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(int.MaxValue)]
    public Task Asking_for_no_bytes_or_for_all_there_will_be_is_no_fault(int apply) => Topology.RunAsync(async t =>
    {
        t.Attach(Topology.P1, AttachType.SkSkbVerdict, m => m.ApplyBytes(apply) == Errno.None ? Verdict.Pass : Verdict.Drop);
        t.Start();
        await t[Topology.C1].SendAsync(3, 100);
        Assert.Equal(Traffic.Whole(3, 100), await t[Topology.P1].ReceiveAsync(300));
        Assert.Empty(t.EndedOnes);
    });

    [Fact]
    public Task A_cork_that_is_never_enough_ends_at_the_limit() => Topology.RunAsync(
        async t =>
        {
            t.Attach(Topology.P1, AttachType.SkSkbVerdict, m => m.CorkBytes(int.MaxValue) == Errno.None ? Verdict.Pass : Verdict.Drop);
            t.Start();
            await t[Topology.C1].SendAsync(8, 1000);
            Assert.Equal(Traffic.Whole(8, 1000), await t[Topology.P1].ReceiveAsync(8000));
            Assert.Empty(t.EndedOnes);
        },
        new PsockOptions { CorkBytes = 1000 });

    [Theory]
    [InlineData(-74, 74)]
    [InlineData(int.MinValue, (int)Errno.EPROTO)]
    [InlineData(300 * 1024, (int)Errno.EMSGSIZE)]
    [InlineData(int.MaxValue, (int)Errno.EMSGSIZE)]
    public Task A_stream_that_the_parser_refuses_ends_with_its_errno(int second, int errno) => Topology.RunAsync(async t =>
    {
        t.Attach(Topology.P1, AttachType.SkSkbStreamVerdict, _ => Verdict.Pass, m => m.StreamOffset == 0 ? 3 : second);
        t.Start();
        await t[Topology.C1].SendAsync(Traffic.Content(0, 10));
        await t[Topology.P1].AssertEndsAsync(Traffic.Content(0, 3), -errno);
        Assert.Equal(EndReason.UpstreamError, Assert.Single(t.EndedOnes, p => p == t[Topology.P1]).End!.Reason);
    });

    [Fact]
    public Task A_parser_that_always_wants_more_ends_the_stream_at_the_limit() => Topology.RunAsync(
        async t =>
        {
            t.Attach(Topology.P1, AttachType.SkSkbStreamVerdict, _ => Verdict.Pass, _ => 0);
            t.Start();
            Assert.Equal(1000, await t[Topology.C1].SendAsync(Traffic.Content(0, 1000)));
            await t[Topology.P1].AssertEndsAsync([], -(int)Errno.EMSGSIZE);
        },
        new PsockOptions { MessageBytes = 1000 });

    private static async Task AssertFaultAsync(Topology t, Psock faulty)
    {
        PsockEnd end = Assert.Single(t.EndedOnes, psock => psock == faulty).End!;
        Assert.Equal(EndReason.ProgramFault, end.Reason);
        Assert.IsType<ProgramFaultException>(end.Evidence);

        await t[Topology.C2].SendAsync(3, 100);
        Assert.Equal(Traffic.Whole(3, 100), await t[Topology.P2].ReceiveAsync(300));
    }
}
