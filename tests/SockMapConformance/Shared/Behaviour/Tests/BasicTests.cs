using Sluice.Redirect.Maps;
using Sluice.SockMapConformance.Engine;
using Sluice.SockMapConformance.Model;

namespace Sluice.SockMapConformance.Behaviour;

/// <summary>sockmap_basic: what an application sees of a socket whose bytes are judged.</summary>
public sealed class BasicTests
{
    private static IVerdictEngine Engine => EngineUnderTest.Verdicts;

    [Fact]
    public Task A_socket_with_a_verdict_can_shut_down_and_goes_on_receiving() => Engine.RunAsync(async t =>
    {
        t.Attach(End.P1, AttachType.SkSkbVerdict, ProgramSpec.Pass);
        t.Start();
        t[End.P1].ShutdownSend();
        Assert.Empty(await t[End.C1].ReceiveToEndAsync());
        (byte[] atP1, _) = await t.CollectAsync(c1 => c1.SendAsync(10, 10));
        Assert.Equal(Traffic.Whole(10, 10), atP1);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task What_was_passed_can_be_counted_and_peeked_before_it_is_read(bool withParser) => Engine.RunAsync(async t =>
    {
        IProgramUnderTest program = withParser
            ? t.Attach(End.P1, AttachType.SkSkbStreamVerdict, ProgramSpec.Pass, new ParserSpec(256))
            : t.Attach(End.P1, AttachType.SkSkbVerdict, ProgramSpec.Pass);
        t.Start();
        Assert.Equal(0, t[End.P1].Peek(new byte[1]));
        Assert.Equal(256, await t[End.C1].SendAsync(Traffic.Content(0, 256)));
        await program.AwaitRunsAsync(1);
        byte[] seen = new byte[256];
        Assert.Equal(256, t[End.P1].Unread);
        Assert.Equal(10, t[End.P1].Peek(seen.AsSpan(0, 10)));
        Assert.Equal(256, t[End.P1].Peek(seen));
        Assert.Equal(Traffic.Content(0, 256), seen);
        Assert.Equal(256, t[End.P1].Unread);

        Assert.Equal(Traffic.Content(0, 100), await t[End.P1].ReceiveAsync(100));
        Assert.Equal(156, t[End.P1].Unread);
        Assert.Equal(Traffic.Content(100, 156), await t[End.P1].ReceiveAsync(156));
        Assert.Equal((0, 0), (t[End.P1].Unread, t[End.P1].Peek(seen)));
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task What_was_dropped_is_not_counted(bool withParser) => Engine.RunAsync(async t =>
    {
        IProgramUnderTest program = withParser
            ? t.Attach(End.P1, AttachType.SkSkbStreamVerdict, ProgramSpec.Drop, new ParserSpec(256))
            : t.Attach(End.P1, AttachType.SkSkbVerdict, ProgramSpec.Drop);
        t.Start();
        Assert.Equal(256, await t[End.C1].SendAsync(Traffic.Content(0, 256)));
        await program.AwaitRunsAsync(1);
        Assert.Equal((0, 0), (t[End.P1].Unread, t[End.P1].Peek(new byte[1])));
        Assert.Equal(new Counts(Dropped: 256), t[End.P1].Arrived);
    });

    [Fact]
    public Task A_socket_under_many_keys_of_many_maps_is_judged_once_and_found_by_each() => Engine.RunAsync(async t =>
    {
        IProgramMap[] plain = [.. Enumerable.Range(0, 16).Select(_ => t.NewMap())];
        foreach (IProgramMap map in plain)
        {
            map.Insert(End.P1);
            map.Insert(End.C2);
        }

        foreach (End end in Enum.GetValues<End>())
            t.Register(End.C2, keyOf: end);
        IProgramMap judging = t.NewMap();
        IProgramUnderTest program = judging.Attach(AttachType.SkSkbStreamVerdict, ProgramSpec.RedirectBy(Lookup.OtherKey));
        judging.Attach(new ParserSpec(10));
        judging.Insert(End.P1);
        t.Start();
        Assert.Equal(10, await t[End.C1].SendAsync(Traffic.Content(0, 10)));
        Assert.Equal(Traffic.Content(0, 10), await t[End.P2].ReceiveAsync(10));

        // The program goes with the entry that brought it, whatever maps the socket is still in.
        foreach (IProgramMap map in plain.Skip(1))
            map.Delete(End.P1);
        Assert.Equal(10, await t[End.C1].SendAsync(Traffic.Content(10, 10)));
        Assert.Equal(Traffic.Content(10, 10), await t[End.P2].ReceiveAsync(10));
        judging.Delete(End.P1);
        Assert.Equal(10, await t[End.C1].SendAsync(Traffic.Content(20, 10)));
        Assert.Equal(Traffic.Content(20, 10), await t[End.P1].ReceiveAsync(10));
        Assert.Equal(2, program.Runs);
    });

    [Fact]
    public Task A_program_that_a_link_replaces_is_for_later_inserts() => Engine.RunAsync(async t =>
    {
        IProgramMap map = t.NewMap();
        ILinkUnderTest link = map.Link(AttachType.SkSkbVerdict, ProgramSpec.Redirect(End.C2));
        map.Insert(End.P1);
        IProgramUnderTest later = link.Replace(ProgramSpec.Drop);
        map.Insert(End.P2);
        t.Start();
        Assert.Equal(100, await t[End.C1].SendAsync(Traffic.Content(0, 100)));
        await later.AwaitRunsAsync(1);
        Assert.Equal(new Counts(Redirected: 100), t[End.P1].Arrived);
        (byte[] atP1, byte[] atP2) = await t.CollectAsync(_ => Task.CompletedTask);
        Assert.Empty(atP1);
        Assert.Empty(atP2);
        Assert.Equal(new Counts(Dropped: 100), t[End.P2].Arrived);
    });

    [Fact]
    public Task A_redirect_to_a_missing_key_is_not_lost_where_the_engine_can_help_it() => Engine.RunAsync(async t =>
    {
        t.Attach(End.P1, AttachType.SkSkbVerdict, ProgramSpec.RedirectBy(Lookup.OwnKey));
        t.Start();
        (byte[] atP1, byte[] atP2) = await t.CollectAsync(c1 => c1.SendAsync(10, 10));
        bool keeps = Engine.Traits.KeepsFailedRedirects;
        Assert.Equal(keeps ? Traffic.Whole(10, 10) : [], atP1);
        Assert.Empty(atP2);
        Assert.Equal(keeps ? new Counts(Passed: 100, RedirectFailed: 100) : new Counts(Dropped: 100), t[End.P1].Arrived);
    });
}
