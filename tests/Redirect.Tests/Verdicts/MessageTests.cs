using System.Buffers;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Verdicts;

public sealed class MessageTests
{
    private readonly HeldBytes _bytes = new(ArrayPool<byte>.Shared);
    private readonly Message _message;

    public MessageTests()
    {
        _message = new Message(_bytes, new MessageContext(MessageDirection.Egress), mostInserted: 8);
        _bytes.Append("abcdef"u8.ToArray());
        _message.Begin(100, isFinal: false);
    }

    [Theory]
    [InlineData(0, 1, Errno.None)]
    [InlineData(0, 6, Errno.None)]
    [InlineData(5, 6, Errno.None)]
    [InlineData(0, 0, Errno.EINVAL)]
    [InlineData(3, 2, Errno.EINVAL)]
    [InlineData(0, 7, Errno.EINVAL)]
    [InlineData(6, 7, Errno.EINVAL)]
    [InlineData(-1, 2, Errno.EINVAL)]
    public void Pull_checks_its_bounds_and_changes_nothing(int start, int end, Errno expected)
    {
        Assert.Equal(expected, _message.PullData(start, end));
        Assert.Equal("abcdef"u8, _message.Data);
    }

    [Theory]
    [InlineData(0, 2, Errno.None, "..abcdef")]
    [InlineData(3, 1, Errno.None, "abc.def")]
    [InlineData(6, 2, Errno.None, "abcdef..")]
    [InlineData(99, 0, Errno.None, "abcdef")]
    [InlineData(7, 1, Errno.EINVAL, "abcdef")]
    [InlineData(-1, 1, Errno.EINVAL, "abcdef")]
    [InlineData(0, -1, Errno.EINVAL, "abcdef")]
    [InlineData(0, 9, Errno.ENOMEM, "abcdef")]
    [InlineData(0, int.MaxValue, Errno.ENOMEM, "abcdef")]
    public void Push_inserts_zeros(int start, int count, Errno expected, string after)
    {
        Assert.Equal(expected, _message.PushData(start, count));
        Assert.Equal(after, Text);
        Assert.Equal(after.Length - 6, _message.Decide(Verdict.Pass).Inserted);
    }

    [Fact]
    public void Pushes_of_one_run_have_one_limit()
    {
        Assert.Equal(Errno.None, _message.PushData(0, 5));
        Assert.Equal(Errno.ENOMEM, _message.PushData(0, 4));
        Assert.Equal(Errno.None, _message.PushData(0, 3));
        Assert.Equal(8, _message.Decide(Verdict.Pass).Inserted);
    }

    [Theory]
    [InlineData(0, 2, Errno.None, "cdef")]
    [InlineData(2, 2, Errno.None, "abef")]
    [InlineData(0, 6, Errno.None, "")]
    [InlineData(9, 0, Errno.None, "abcdef")]
    [InlineData(6, 1, Errno.EINVAL, "abcdef")]
    [InlineData(0, 7, Errno.EINVAL, "abcdef")]
    [InlineData(5, int.MaxValue, Errno.EINVAL, "abcdef")]
    [InlineData(-1, 1, Errno.EINVAL, "abcdef")]
    [InlineData(1, -1, Errno.EINVAL, "abcdef")]
    public void Pop_removes(int start, int count, Errno expected, string after)
    {
        Assert.Equal(expected, _message.PopData(start, count));
        Assert.Equal(after, Text);
        Assert.Equal(6 - after.Length, _message.Decide(Verdict.Pass).Removed);
    }

    [Theory]
    [InlineData(1, "XY", Errno.None, "aXYdef")]
    [InlineData(4, "XY", Errno.None, "abcdXY")]
    [InlineData(6, "", Errno.None, "abcdef")]
    [InlineData(5, "XY", Errno.EFAULT, "abcdef")]
    [InlineData(-1, "X", Errno.EFAULT, "abcdef")]
    public void Store_overwrites(int start, string bytes, Errno expected, string after)
    {
        Assert.Equal(expected, _message.StoreBytes(start, System.Text.Encoding.ASCII.GetBytes(bytes)));
        Assert.Equal(after, Text);
    }

    [Fact]
    public void Changes_never_reach_the_memory_that_was_offered()
    {
        byte[] offered = "abcdef"u8.ToArray();
        var bytes = new HeldBytes(ArrayPool<byte>.Shared);
        bytes.Append(offered);
        var message = new Message(bytes, new MessageContext(MessageDirection.Ingress), mostInserted: 8);
        message.StoreBytes(0, "X"u8);
        message.PushData(1, 2);
        message.PopData(4, 1);
        Assert.Equal("abcdef"u8, offered);
    }

    [Fact]
    public void A_parser_may_change_nothing()
    {
        var message = new Message(_bytes, new MessageContext(MessageDirection.Ingress), mostInserted: -1);
        Assert.Equal(Errno.EOPNOTSUPP, message.PushData(0, 1));
        Assert.Equal(Errno.EOPNOTSUPP, message.PopData(0, 1));
        Assert.Equal(Errno.EOPNOTSUPP, message.StoreBytes(0, "x"u8));
    }

    [Fact]
    public void A_redirect_names_the_socket_of_the_key()
    {
        var map = new FakeMap { [7] = new FakeSocket(70) };
        Assert.Equal(Verdict.Pass, _message.Redirect(map, 7, RedirectFlags.Ingress));

        Decision decision = _message.Decide(Verdict.Pass);
        Assert.Equal((DecisionKind.Redirect, map[7], RedirectFlags.Ingress), (decision.Kind, decision.Socket, decision.Flags));
        Assert.Equal(DecisionKind.Drop, _message.Decide(Verdict.Drop).Kind);
    }

    [Theory]
    [InlineData(8, RedirectFlags.Egress)]
    [InlineData(7, (RedirectFlags)2)]
    [InlineData(7, RedirectFlags.Ingress | (RedirectFlags)4)]
    public void A_redirect_that_fails_gives_SK_DROP_and_is_told_from_a_drop(int key, RedirectFlags flags)
    {
        var map = new FakeMap { [7] = new FakeSocket(70) };
        Verdict verdict = _message.Redirect(map, key, flags);
        Assert.Equal(Verdict.Drop, verdict);

        Decision decision = _message.Decide(verdict);
        Assert.Equal((DecisionKind.Drop, true), (decision.Kind, decision.RedirectFailed));
        Assert.Equal((DecisionKind.Pass, false), (_message.Decide(Verdict.Pass).Kind, _message.Decide(Verdict.Pass).RedirectFailed));
        _message.Begin(0, isFinal: false);
        Assert.False(_message.Decide(Verdict.Drop).RedirectFailed);
    }

    [Fact]
    public void A_redirect_that_fails_leaves_the_one_before()
    {
        var map = new FakeMap { [7] = new FakeSocket(70) };
        _message.Redirect(map, 7);
        _message.Redirect(map, 8);
        Assert.Same(map[7], _message.Decide(Verdict.Pass).Socket);
    }

    [Fact]
    public void Apply_and_cork_take_counts_from_zero_on()
    {
        Assert.Equal(Errno.None, _message.ApplyBytes(5));
        Assert.Equal(Errno.None, _message.CorkBytes(9));
        Assert.Equal(Errno.EINVAL, _message.ApplyBytes(-1));
        Assert.Equal(Errno.EINVAL, _message.CorkBytes(-1));

        Decision decision = _message.Decide(Verdict.Pass);
        Assert.Equal((5, 9), (decision.ApplyBytes, decision.CorkBytes));
    }

    [Fact]
    public void A_run_begins_afresh()
    {
        _message.Redirect(new FakeMap { [7] = new FakeSocket(70) }, 7);
        _message.ApplyBytes(5);
        _message.CorkBytes(9);
        _message.PushData(0, 1);
        _message.Begin(103, isFinal: true);

        Assert.Equal(new Decision(DecisionKind.Pass, null, default, false, 0, 0, 0, 0), _message.Decide(Verdict.Pass));
        Assert.Equal((103, true), (_message.StreamOffset, _message.IsFinal));
    }

    private string Text => System.Text.Encoding.ASCII.GetString(_message.Data).Replace('\0', '.');
}
