using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Splicing.Bypass;

namespace Sluice.Functional;

/// <summary>Each thing that rules can do to a message where it is sent, and what they leave to the proxy.</summary>
public sealed class JudgedSendTests
{
    private const int Messages = 60;

    private static readonly RuleAction Pass = new(RuleVerdict.Pass);

    // Two bytes of length, one that chooses the rule, and the rest.
    private static readonly LengthPrefix Framing = new(0, LengthFormat.U16, IsLittleEndian: false, Adjustment: 0, IncludesHeader: false);

    public static TheoryData<string, RuleAction> Actions => new()
    {
        { "pass", Pass },
        { "drop", new RuleAction(RuleVerdict.Drop) },
        { "push at the beginning", Pass with { Push = new PushBytes(0, [.. "<<<"u8]) } },
        { "push behind the end", Pass with { Push = new PushBytes(65_000, [.. "end"u8]) } },
        { "pop", Pass with { Pop = new PopBytes(1, 3) } },
        { "push and pop", Pass with { Push = new PushBytes(2, [.. "more"u8]), Pop = new PopBytes(0, 4) } },
        { "apply", Pass with { ApplyBytes = 400 } },
        { "drop and apply", new RuleAction(RuleVerdict.Drop) { ApplyBytes = 400 } },
        { "cork", Pass with { CorkBytes = 9 } },
    };

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Actions))]
    public async Task A_rule_does_where_it_is_sent_what_it_does_in_the_proxy(string _, RuleAction action)
    {
        await using JudgedLink link = await JudgedLink.OpenAsync(Rules(action));
        for (int i = 0; i < Messages; i++)
            await link.SendAsync(Message(i % 3 == 0 ? 'x' : 'p', 1 + (37 * i % 300)));
        Assert.True(link.AtTheSender(0) > 0 && link.AtTheSender(1) > 0, $"at the sender {link.AtTheSender(0)} and {link.AtTheSender(1)}");
        await link.EndAsync();
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Actions))]
    public async Task So_do_long_messages_and_short_ones_beside_them(string _, RuleAction action)
    {
        await using JudgedLink link = await JudgedLink.OpenAsync(Rules(action) with { MaxMessage = 70_000 });
        for (int i = 0; i < Messages; i++)
            await link.SendAsync(Message(i % 3 == 0 ? 'x' : 'p', i % 5 == 4 ? 20 : 1000 * i));
        await link.EndAsync();
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_dropped_is_taken_from_its_sender_who_goes_on()
    {
        await using JudgedLink link = await JudgedLink.OpenAsync(Rules(new RuleAction(RuleVerdict.Drop)));
        for (int i = 0; i < Messages; i++)
        {
            byte[] message = Message('x', 100);
            Assert.Empty(link.Reference.Judge(message));
            Assert.Equal(message.Length, link.Link.Client.Send(message));
        }

        await link.SendAsync(Message('p', 5));
        await link.EndAsync();
        await Deadline.UntilAsync(() => link.Link.Engine.Messages.Dropped > 0, () => "drops to be counted");
        Assert.Equal(link.AtTheSender(0), link.Link.Engine.Messages.Dropped);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_rule_that_resets_does_so_behind_all_that_came_before()
    {
        await using JudgedLink link = await JudgedLink.OpenAsync(Rules(new RuleAction(RuleVerdict.Reset)));
        for (int i = 0; i < Messages; i++)
            await link.SendAsync(Message('p', 50));
        Assert.NotEqual(0, link.AtTheSender(1));
        await link.SendAsync(Message('x', 50));
        await link.EndAsync();
        await link.Link.Client.AssertEndsAsync(default, Ending.Rst);
        Assert.Equal(EndReason.RuleReset, (await link.Link.ResultAsync()).Reason);
        await link.Link.OnReactorAsync(() => Assert.True(link.Link.Maps!.IsEmpty() && link.Link.Maps.Table.Count == 0));
    }

    [Fact(Timeout = 60_000)]
    public async Task Parts_of_messages_and_several_at_once_are_left_to_the_proxy_and_counted()
    {
        await using JudgedLink link = await JudgedLink.OpenAsync(Rules(new RuleAction(RuleVerdict.Drop)));
        for (int i = 0; i < Messages; i++)
        {
            byte[] two = [.. Message('p', 50), .. Message(i % 2 == 0 ? 'x' : 'p', 70)];
            await link.SendAsync(i % 3 == 0 ? two[..20] : two);
            if (i % 3 == 0)
                await link.SendAsync(two[20..]);
        }

        Assert.Equal(0, link.AllAtTheSender());
        await link.EndAsync();
        await Deadline.UntilAsync(() => link.Link.Engine.Messages.Passed(BypassPass.Rules) > 0, () => "them to be counted");
    }

    [Fact(Timeout = 60_000)]
    public async Task Demotion_gives_the_place_in_the_stream_back()
    {
        await using JudgedLink link = await JudgedLink.OpenAsync(Rules(new RuleAction(RuleVerdict.Drop) { ApplyBytes = 1000 }));
        for (int i = 0; i < Messages; i++)
        {
            if (i == Messages / 2)
                link.Link.Pair.Demote();
            await link.SendAsync(Message(i % 9 == 0 ? 'x' : 'p', 97));
        }

        Assert.Equal(DataPath.Copy, link.Link.Pair.PathFromClient);
        Assert.NotEqual(0, link.AllAtTheSender());
        await link.EndAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_stream_that_is_faster_than_its_reader_loses_nothing()
    {
        await using JudgedLink link = await JudgedLink.OpenAsync(Rules(Pass with { Push = new PushBytes(0, [.. "!"u8]) }));
        List<byte> expected = [], stream = [];
        for (int i = 0; i < 30_000; i++)
        {
            byte[] message = Message(i % 4 == 0 ? 'x' : 'p', 10 + (i % 200));
            expected.AddRange(link.Reference.Judge(message));
            stream.AddRange(message);
        }

        Task sending = SendByMessageAsync(link, [.. stream]);
        Assert.Equal(expected, await link.Link.Server.ReceiveExactlyAsync(expected.Count).OrHung("all"));
        await sending.OrHung("the sender");
        await link.EndAsync();
    }

    private static async Task SendByMessageAsync(JudgedLink link, byte[] stream)
    {
        for (int at = 0; at < stream.Length;)
        {
            int length = 2 + (stream[at] << 8) + stream[at + 1];
            await link.Link.Client.SendAllAsync(stream.AsMemory(at, length));
            at += length;
        }
    }

    internal static RuleSet Rules(RuleAction action) => new(
        "judged", [new Rule("x", new BytesAsNumberTest(2, 1, false, 0xff, new NumberSet([new NumberRange('x', 'x')])), action)], Pass) { Framing = Framing };

    internal static byte[] Message(char kind, int length)
    {
        byte[] message = new byte[2 + Math.Max(1, length)];
        new Random(length).NextBytes(message);
        (message[0], message[1], message[2]) = ((byte)((message.Length - 2) >> 8), (byte)(message.Length - 2), (byte)kind);
        return message;
    }
}
