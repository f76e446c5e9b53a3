namespace Sluice.Redirect.Verdicts;

/// <summary>
/// What a program sees of the bytes it judges, and the helpers it may call, with the bounds and errors of the kernel's
/// (bpf-helpers(7)). Valid only while the program runs; one object serves all runs of a socket.
/// </summary>
public sealed class Message
{
    private readonly HeldBytes _bytes;
    private readonly int _mostInserted;
    private IRedirectSocket? _socket;
    private RedirectFlags _flags;
    private bool _redirectFailed;
    private bool _reset;
    private int _applyBytes;
    private int _corkBytes;
    private int _inserted;
    private int _removed;

    // mostInserted: how many bytes one run may insert; below 0: nothing may be changed.
    internal Message(HeldBytes bytes, MessageContext context, int mostInserted) =>
        (_bytes, Context, _mostInserted) = (bytes, context, mostInserted);

    /// <summary>The whole of the bytes at hand; a helper that changes them makes an earlier span stale.</summary>
    public ReadOnlySpan<byte> Data => _bytes.Memory.Span;

    /// <summary>How many they are: at least 1 when the program begins.</summary>
    public int Length => _bytes.Length;

    /// <summary>The socket the bytes pass through, and which way.</summary>
    public MessageContext Context { get; }

    /// <summary>Where in the stream the message begins: how many bytes the socket has carried this way before, as they came.</summary>
    public long StreamOffset { get; private set; }

    /// <summary>
    /// True when no more bytes will be gathered: the stream has ended or the most that may be held is held.
    /// <see cref="CorkBytes"/> has no effect then. No counterpart in the kernel.
    /// </summary>
    public bool IsFinal { get; private set; }

    /// <summary>
    /// bpf_msg_redirect_map, _hash and bpf_sk_redirect_map, _hash: names the socket under <paramref name="key"/>. SK_PASS; or
    /// SK_DROP when there is none or a flag is unknown, and then a socket named before stays named.
    /// </summary>
    public Verdict Redirect<TKey>(IRedirectMap<TKey> map, in TKey key, RedirectFlags flags = RedirectFlags.Egress)
        where TKey : unmanaged
    {
        _redirectFailed = true;
        if ((flags & ~RedirectFlags.Ingress) != 0 || map.Find(in key) is not { } socket)
            return Verdict.Drop;

        (_socket, _flags, _redirectFailed) = (socket, flags, false);
        return Verdict.Pass;
    }

    /// <summary>
    /// Whatever the program returns: the connection ends with RST on all sides, and these bytes go nowhere. What was judged
    /// before them still goes where it was sent. No counterpart in the kernel.
    /// </summary>
    public void Reset() => _reset = true;

    /// <summary>
    /// bpf_msg_apply_bytes: the verdict stands for the next <paramref name="count"/> bytes, also of later messages. 0: for
    /// this message; <see cref="int.MaxValue"/>: for all that is still to come. EINVAL below 0.
    /// </summary>
    public Errno ApplyBytes(int count) => Ask(count, ref _applyBytes);

    /// <summary>
    /// bpf_msg_cork_bytes: the verdict does not count, and the program runs again when <paramref name="count"/> bytes are at
    /// hand. EINVAL below 0.
    /// </summary>
    public Errno CorkBytes(int count) => Ask(count, ref _corkBytes);

    /// <summary>bpf_msg_pull_data: <see cref="Data"/> always holds the whole message, so only the bounds are checked. EINVAL.</summary>
    public Errno PullData(int start, int end) => start >= 0 && start < end && end <= Length ? Errno.None : Errno.EINVAL;

    /// <summary>
    /// bpf_msg_push_data: inserts zeros at <paramref name="start"/>, which may be the end. EINVAL outside the message, ENOMEM
    /// beyond what a run may insert, EOPNOTSUPP for parsers.
    /// </summary>
    public Errno PushData(int start, int count)
    {
        if (_mostInserted < 0)
            return Errno.EOPNOTSUPP;
        if (count == 0)
            return Errno.None;
        if (start < 0 || count < 0 || start > Length)
            return Errno.EINVAL;
        if (count > _mostInserted - _inserted)
            return Errno.ENOMEM;

        _bytes.Insert(start, count);
        _inserted += count;
        return Errno.None;
    }

    /// <summary>
    /// bpf_msg_pop_data: removes bytes. EINVAL when they are not all inside the message, EOPNOTSUPP for parsers.
    /// </summary>
    public Errno PopData(int start, int count)
    {
        if (_mostInserted < 0)
            return Errno.EOPNOTSUPP;
        if (count == 0)
            return Errno.None;
        if (start < 0 || count < 0 || start >= Length || count > Length - start)
            return Errno.EINVAL;

        _bytes.Remove(start, count);
        _removed += count;
        return Errno.None;
    }

    /// <summary>
    /// bpf_skb_store_bytes, and what sk_msg programs do through their data pointer: overwrites bytes. EFAULT outside the
    /// message, EOPNOTSUPP for parsers.
    /// </summary>
    public Errno StoreBytes(int start, ReadOnlySpan<byte> bytes)
    {
        if (_mostInserted < 0)
            return Errno.EOPNOTSUPP;
        if (start < 0 || start > Length || bytes.Length > Length - start)
            return Errno.EFAULT;

        _bytes.Store(start, bytes);
        return Errno.None;
    }

    /// <summary>For a parser: with so many of these bytes at hand it has said before that they are too few.</summary>
    internal int SeenBefore { get; private set; }

    /// <summary>Begins a run: nothing that an earlier run asked for is left.</summary>
    internal void Begin(long streamOffset, bool isFinal, int seenBefore = 0)
    {
        (StreamOffset, IsFinal, SeenBefore) = (streamOffset, isFinal, seenBefore);
        (_socket, _flags, _redirectFailed, _reset) = (null, default, false, false);
        (_applyBytes, _corkBytes, _inserted, _removed) = (0, 0, 0, 0);
    }

    /// <summary>What came of a run that returned <paramref name="verdict"/> (sk_psock_map_verd).</summary>
    internal Decision Decide(Verdict verdict) => verdict == Verdict.Drop || _reset
        ? new Decision(
            _reset ? DecisionKind.Reset : DecisionKind.Drop,
            null, default, _redirectFailed && !_reset, _applyBytes, _corkBytes, _inserted, _removed)
        : new Decision(
            _socket is null ? DecisionKind.Pass : DecisionKind.Redirect,
            _socket, _flags, false, _applyBytes, _corkBytes, _inserted, _removed);

    private static Errno Ask(int count, ref int field)
    {
        if (count < 0)
            return Errno.EINVAL;

        field = count;
        return Errno.None;
    }
}
