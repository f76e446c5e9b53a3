using Sluice.Redirect.Maps;
using Sluice.SockMapConformance.Engine;
using Sluice.SockMapConformance.Model;

namespace Sluice.SockMapConformance.Behaviour;

/// <summary>sockmap_redir: from sending and from receiving, out of a socket and to its reader, through either kind of map.</summary>
public sealed class RedirTests
{
    public static TheoryData<AttachType, bool, string> Rows
    {
        get
        {
            var rows = new TheoryData<AttachType, bool, string>();
            foreach (AttachType slot in new[] { AttachType.SkMsgVerdict, AttachType.SkSkbVerdict, AttachType.SkSkbStreamVerdict })
            {
                foreach (Lookup by in Enum.GetValues<Lookup>())
                {
                    rows.Add(slot, false, by.ToString());
                    rows.Add(slot, true, by.ToString());
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public Task What_is_redirected_arrives_there_and_nowhere_else(AttachType slot, bool ingress, string by) => EngineUnderTest.Verdicts.RunAsync(async t =>
    {
        (ISocketUnderTest judging, End judges) = slot == AttachType.SkMsgVerdict ? (t[End.C1], End.C1) : (t[End.P1], End.P1);
        End destination = ingress ? End.P2 : End.C2;
        Lookup lookup = Enum.Parse<Lookup>(by);
        t.Register(destination, keyOf: lookup == Lookup.OwnKey ? judges : judges == End.C1 ? End.P1 : End.C1);
        IProgramUnderTest program = t.Attach(
            judges, slot, lookup == Lookup.Number ? ProgramSpec.Redirect(destination, ingress) : ProgramSpec.RedirectBy(lookup, ingress));
        t.Start();
        (byte[] atP1, byte[] atP2) = await t.CollectAsync(c1 => c1.SendAsync(100, 50));

        Assert.Empty(atP1);
        Assert.Equal(Traffic.Whole(100, 50), atP2);
        Assert.Equal(new Counts(Redirected: 5000), slot == AttachType.SkMsgVerdict ? judging.Sent : judging.Arrived);
        Assert.InRange(program.Runs, 1, 5000);

        // The way back was not touched.
        Assert.Equal(10, await t[End.P1].SendAsync(Traffic.Content(0, 10)));
        Assert.Equal(Traffic.Content(0, 10), await t[End.C1].ReceiveAsync(10));
    });
}
