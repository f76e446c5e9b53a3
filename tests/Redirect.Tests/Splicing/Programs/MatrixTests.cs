using Sluice.Redirect.Maps;
using Sluice.Redirect.Splicing.Programs;
using Sluice.Redirect.Tests.Verdicts;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Splicing.Programs;

/// <summary>
/// The matrix of the kernel's sockmap selftests, with its parameters: an sk_msg program on c1, for which the reference model
/// says what has to arrive, and sk_skb programs on p1.
/// </summary>
public sealed class MatrixTests
{
    private const int Drop = 0, Pass = 1, Redirect = 2, RedirectIngress = 3;

    public static TheoryData<string> MsgCases => [.. Msg.Keys];

    private static readonly Dictionary<string, (Ruling Ruling, (int Start, int End) Pull, (int Count, int Size)[] Traffic)> Msg = new()
    {
        ["passthrough"] = (new(Pass, 0), default, Traffic.All),
        ["redirect egress"] = (new(Redirect, 0), default, Traffic.All),
        ["redirect ingress"] = (new(RedirectIngress, 0), default, Traffic.All),
        ["apply 1"] = (new(Pass, 1), default, Traffic.One),
        ["apply 1024"] = (new(Pass, 1024), default, Traffic.Large),
        ["apply 1 + redirect"] = (new(Redirect, 1), default, Traffic.One),
        ["apply 1024 + redirect"] = (new(Redirect, 1024), default, Traffic.Large),
        ["apply 1 + redirect ingress"] = (new(RedirectIngress, 1), default, Traffic.One),
        ["apply 1024 + redirect ingress"] = (new(RedirectIngress, 1024), default, Traffic.Large),
        ["cork 1"] = (new(Pass, 0, Cork: 1), default, Traffic.All),
        ["cork 1 + apply 1"] = (new(Pass, 1, Cork: 1), default, [.. Traffic.One, .. Traffic.Many]),
        ["cork 512"] = (new(Pass, 0, Cork: 512), default, Traffic.All),
        ["hanging cork 4097 + apply"] = (new(Pass, 4097, Cork: 4097), default, Traffic.Large),
        ["hanging cork 4097 + redirect"] = (new(Redirect, 0, Cork: 4097), default, Traffic.All),
        ["hanging cork 4097 + redirect + apply"] = (new(Redirect, 4097, Cork: 4097), default, Traffic.All),
        ["push (1,1)"] = (new(Pass, 0, PushAt: 1, Push: 1), default, Traffic.All),
        ["push (4096,4096)"] = (new(Pass, 0, PushAt: 4096, Push: 4096), default, Traffic.Large),
        ["push (1,2) + redirect"] = (new(Redirect, 0, PushAt: 1, Push: 2), default, Traffic.All),
        ["push (1,2) + cork 512"] = (new(Pass, 0, Cork: 512, PushAt: 1, Push: 2), default, Traffic.One),
        ["push (1,2) + redirect + cork 512"] = (new(Redirect, 0, Cork: 512, PushAt: 1, Push: 2), default, Traffic.Many),
        ["pull (1,2)"] = (new(Pass, 0), (1, 2), Traffic.All),
        ["pull (4096,9182)"] = (new(Pass, 0), (4096, 9182), Traffic.Large),
        ["pull (1,2) + redirect"] = (new(Redirect, 0), (1, 2), Traffic.All),
        ["pull (1,2) + cork 512"] = (new(Pass, 0, Cork: 512), (1, 2), Traffic.All),
        ["pull (1,2) + redirect + cork 512"] = (new(Redirect, 0, Cork: 512), (1, 2), Traffic.All),
        ["pop (1,2)"] = (new(Pass, 0, PopAt: 1, Pop: 2), default, Traffic.Many),
        ["pop (4096,4096)"] = (new(Pass, 0, PopAt: 4096, Pop: 4096), default, Traffic.Large),
        ["pop (1,2) + redirect"] = (new(Redirect, 0, PopAt: 1, Pop: 2), default, Traffic.Many),
        ["pop (1,2) + cork 512"] = (new(Pass, 0, Cork: 512, PopAt: 1, Pop: 2), default, Traffic.Many),
        ["pop (1,2) + redirect + cork 4"] = (new(Redirect, 0, Cork: 4, PopAt: 1, Pop: 2), default, Traffic.Many),
        ["push (1,10), pop (5,4)"] = (new(Pass, 0, PushAt: 1, Push: 10, PopAt: 5, Pop: 4), default, Traffic.Large),
        ["push (1,10), pop (5,16)"] = (new(Pass, 0, PushAt: 1, Push: 10, PopAt: 5, Pop: 16), default, Traffic.Large),
        ["push (5,4), pop (1,10)"] = (new(Pass, 0, PushAt: 5, Push: 4, PopAt: 1, Pop: 10), default, Traffic.Large),
        ["push (5,16), pop (1,10)"] = (new(Pass, 0, PushAt: 5, Push: 16, PopAt: 1, Pop: 10), default, Traffic.Large),
        ["push (1,10), pop (16,4)"] = (new(Pass, 0, PushAt: 1, Push: 10, PopAt: 16, Pop: 4), default, Traffic.Large),
        ["push (16,10), pop (5,4)"] = (new(Pass, 0, PushAt: 16, Push: 10, PopAt: 5, Pop: 4), default, Traffic.Large),
    };

    [Theory]
    [MemberData(nameof(MsgCases))]
    public async Task Sk_msg_on_c1(string name)
    {
        (Ruling ruling, (int Start, int End) pull, (int, int)[] traffic) = Msg[name];
        foreach ((int count, int size) in traffic)
            await Topology.RunAsync(t => SendThroughMsgAsync(t, ruling, pull, count, size));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(8, 1024)]
    [InlineData(2, 262144)]
    public Task Sk_msg_drop_fails_every_send(int count, int size) => Topology.RunAsync(async t =>
    {
        t.Attach(Topology.C1, AttachType.SkMsgVerdict, _ => Verdict.Drop);
        t.Start();
        foreach (byte[] message in Traffic.Messages(count, size))
            Assert.Equal(-(int)Errno.EACCES, await t[Topology.C1].SendAsync(message));
        t[Topology.C1].Close();
        Assert.Empty((await t[Topology.P1].ReceiveToEndAsync()).Bytes);
        Assert.Equal((long)count * size, t[Topology.C1].Sent.Dropped);
    });

    [Fact]
    public Task Drop_with_apply_3_of_10_bytes_lets_the_other_7_be_judged_again() => Topology.RunAsync(async t =>
    {
        t.Attach(Topology.C1, AttachType.SkMsgVerdict, m => m.StreamOffset == 0 && m.ApplyBytes(3) == Errno.None ? Verdict.Drop : Verdict.Pass);
        t.Start();
        Assert.Equal(7, await t[Topology.C1].SendAsync(Traffic.Content(0, 10)));
        Assert.Equal(Traffic.Content(3, 7), await t[Topology.P1].ReceiveAsync(7));
    });

    [Theory]
    [InlineData(Pass, false)]
    [InlineData(Pass, true)]
    [InlineData(Redirect, false)]
    [InlineData(Redirect, true)]
    [InlineData(RedirectIngress, false)]
    [InlineData(RedirectIngress, true)]
    public async Task Sk_skb_on_p1(int key, bool withParser)
    {
        foreach ((int count, int size) in Traffic.All.Prepend((1, 100)))
        {
            await Topology.RunAsync(async t =>
            {
                AttachSkb(t, key, withParser ? m => Math.Min(m.Length, size) : null);
                t.Start();
                Task sending = t[Topology.C1].SendAsync(count, size);
                Assert.Equal(Traffic.Whole(count, size), await t[key == Pass ? Topology.P1 : Topology.P2].ReceiveAsync(count * size));
                await sending;
                Assert.Equal(count * size, key == Pass ? t[Topology.P1].Arrived.Passed : t[Topology.P1].Arrived.Redirected);
            });
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Sk_skb_drop_leaves_the_receiver_idle(bool withParser) => Topology.RunAsync(async t =>
    {
        AttachSkb(t, Drop, withParser ? m => m.Length : null);
        t.Start();
        Assert.Equal(100, await t[Topology.C1].SendAsync(Traffic.Content(0, 100)));
        t[Topology.C1].Close();
        Assert.Equal(0, await t[Topology.P1].ReceiveAsync(new byte[1].AsMemory()));
        Assert.Equal(100, t[Topology.P1].Arrived.Dropped);
    });

    [Theory]
    [InlineData(512, 2, 256)]
    [InlineData(10, 1, 20)]
    [InlineData(1, 1, 5)]
    [InlineData(7, 100, 5)]
    public Task An_ingress_parser_delivers_whole_messages_and_all_of_them(int length, int count, int size) => Topology.RunAsync(async t =>
    {
        List<int> seen = [];
        t.Attach(Topology.P1, AttachType.SkSkbStreamVerdict, m =>
        {
            seen.Add(m.Length);
            return Verdict.Pass;
        }, _ => length);
        t.Start();
        await t[Topology.C1].SendAsync(count, size);
        t[Topology.C1].ShutdownSend();
        Assert.Equal(Traffic.Whole(count, size), (await t[Topology.P1].ReceiveToEndAsync()).Bytes);

        int whole = count * size / length;
        Assert.Equal(Enumerable.Repeat(length, whole), seen.Take(whole));
        Assert.Equal(count * size, seen.Sum());
    });

    private static void AttachSkb(Topology t, int key, Func<Message, int>? parser) =>
        t.Attach(Topology.P1, parser is null ? AttachType.SkSkbVerdict : AttachType.SkSkbStreamVerdict, m => Judge(t, m, key), parser);

    private static Verdict Judge(Topology t, Message message, int key) => key switch
    {
        Drop => Verdict.Drop,
        Pass => Verdict.Pass,
        Redirect => message.Redirect(t.Map, Topology.C2),
        _ => message.Redirect(t.Map, Topology.P2, RedirectFlags.Ingress),
    };

    private static async Task SendThroughMsgAsync(Topology t, Ruling ruling, (int Start, int End) pull, int count, int size)
    {
        var model = new ReferenceModel((_, _) => ruling, new PsockOptions().CorkBytes);
        foreach (byte[] message in Traffic.Messages(count, size))
            model.Offer(message);
        model.End();

        t.Attach(Topology.C1, AttachType.SkMsgVerdict, m =>
        {
            m.ApplyBytes(ruling.Apply);
            m.CorkBytes(ruling.Cork);
            if (pull.End > 0)
                Assert.Equal(m.Length < pull.End ? Errno.EINVAL : Errno.None, m.PullData(pull.Start, pull.End));
            m.PushData(ruling.PushAt, ruling.Push);
            m.PopData(ruling.PopAt, ruling.Pop);
            return Judge(t, m, ruling.Key);
        });
        t.Start();
        Task sending = SendAllAsync();
        byte[] expected = [.. model.Out.Select(o => o.Byte)];
        Assert.Equal(expected, await t[ruling.Key == Pass ? Topology.P1 : Topology.P2].ReceiveAsync(expected.Length));
        await sending;
        Assert.Equal(0, t[Topology.C1].Sent.RedirectFailed);

        async Task SendAllAsync()
        {
            await t[Topology.C1].SendAsync(count, size);
            t[Topology.C1].ShutdownSend();
        }
    }
}
