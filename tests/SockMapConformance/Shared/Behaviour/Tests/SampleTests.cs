using Sluice.Redirect.Maps;
using Sluice.SockMapConformance.Engine;
using Sluice.SockMapConformance.Model;

namespace Sluice.SockMapConformance.Behaviour;

/// <summary>The programs that documents on sockmap show.</summary>
public sealed class SampleTests
{
    [Fact]
    public Task A_local_port_decides_whether_to_redirect() => EngineUnderTest.Verdicts.RunAsync(async t =>
    {
        // if (skb->local_port == 10000) return bpf_sk_redirect_map(...); with the port that p1 happens to have. Both p1
        // and p2 carry the program.
        ProgramSpec redirect = ProgramSpec.Redirect(End.C1) with { When = new Condition(Field.LocalPort, t[End.P1].Key.Local.Port) };
        IProgramMap map = t.NewMap();
        map.Attach(AttachType.SkSkbVerdict, redirect with { To = End.C2 });
        map.Insert(End.P1);
        IProgramUnderTest other = t.Attach(End.P2, AttachType.SkSkbVerdict, redirect);
        t.Start();
        (byte[] atP1, byte[] atP2) = await t.CollectAsync(c1 => c1.SendAsync(10, 100));

        Assert.Empty(atP1);
        Assert.Equal(Traffic.Whole(10, 100), atP2);
        Assert.Equal(new Counts(Redirected: 1000), t[End.P1].Arrived);
        Assert.Equal(new Counts(Passed: 1000), t[End.P2].Arrived);
        Assert.InRange(other.Runs, 1, 1000);
    });

    [Fact]
    public Task Two_local_ends_bypass_tcp_by_extract_socket_key_and_redirect_hash() => EngineUnderTest.Verdicts.RunAsync(async t =>
    {
        // Every socket is in the hash under its own 4-tuple. What one sends goes to the reader of the one at the other end,
        // whose tuple is its own with the ends exchanged.
        IProgramMap map = t.NewMap();
        IProgramUnderTest program = map.Attach(AttachType.SkMsgVerdict, ProgramSpec.RedirectBy(Lookup.OtherKey, ingress: true));
        foreach (End end in Enum.GetValues<End>())
        {
            t.Register(end, keyOf: end);
            map.Insert(end);
        }

        t.Start();
        (byte[] atP1, byte[] atP2) = await t.CollectAsync(async c1 =>
        {
            await c1.SendAsync(64, 512);
            await t[End.C2].SendAsync(10, 10);
        });
        Assert.Equal(Traffic.Whole(64, 512), atP1);
        Assert.Equal(Traffic.Whole(10, 10), atP2);
        Assert.Equal(new Counts(Redirected: 64 * 512), t[End.C1].Sent);
        Assert.Equal(74, program.Runs);

        // Nothing of it went through TCP: no socket has received a byte of it.
        Assert.Equal(default, t[End.P1].Arrived);
        Assert.Equal(default, t[End.P2].Arrived);
    });
}
