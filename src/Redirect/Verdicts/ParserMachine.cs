using System.Buffers;

namespace Sluice.Redirect.Verdicts;

/// <summary>
/// The stream parser machine (strparser) of one socket: bytes go in as they arrive, messages come out whole and in order,
/// wherever TCP cut them. It does no I/O and holds less than one message of at most <c>mostBytes</c> bytes.
/// After <see cref="Offer"/> or <see cref="End"/>, <see cref="Next"/> is called until it gives no more.
/// </summary>
internal sealed class ParserMachine
{
    private const int LargestErrno = 4095;

    private readonly IStreamParser _parser;
    private readonly int _mostBytes;
    private readonly HeldBytes _bytes;
    private readonly Message _message;
    private int _announced;
    private int _seen;
    private int _handedOut;
    private long _offset;
    private bool _ended;

    /// <summary>
    /// A longer message than <paramref name="mostBytes"/>, at least 1, ends the stream with EMSGSIZE. A part of one is held in
    /// memory from <paramref name="pool"/>.
    /// </summary>
    internal ParserMachine(IStreamParser parser, MessageContext context, int mostBytes, ArrayPool<byte> pool)
    {
        (_parser, _mostBytes, _bytes) = (parser, mostBytes, new HeldBytes(pool));
        _message = new Message(_bytes, context, mostInserted: -1);
    }

    /// <summary>The errno the stream has ended with; nothing comes out after it.</summary>
    internal Errno Error { get; private set; }

    /// <summary>Bytes that wait for the rest of their message.</summary>
    internal int Waiting => _bytes.Length - _handedOut;

    /// <summary>Adds bytes. Their memory must stay as it is until <see cref="Next"/> has given no more.</summary>
    internal void Offer(ReadOnlyMemory<byte> bytes)
    {
        Settle();
        _bytes.Append(bytes);
    }

    /// <summary>Nothing more will come: a part of a message that is left comes out as one.</summary>
    internal void End() => _ended = true;

    /// <summary>
    /// The next message, valid until the machine is used again; or false when there is none before more is offered, or ever
    /// when <see cref="Error"/> says so. Throws <see cref="ProgramFaultException"/> when the parser does.
    /// </summary>
    internal bool Next(out ReadOnlyMemory<byte> message)
    {
        Settle();
        message = default;
        if (_bytes.Length == 0 || Error != Errno.None || (Error = Announce()) != Errno.None)
        {
            _bytes.Clear();
            return false;
        }

        bool isWhole = _announced > 0 && _announced <= _bytes.Length;
        if (!isWhole && !_ended)
        {
            _bytes.Keep();
            return false;
        }

        _handedOut = isWhole ? _announced : _bytes.Length;
        (_announced, _seen) = (0, 0);
        message = _bytes.Memory[.._handedOut];
        return true;
    }

    /// <summary>Keeps what is left, though <see cref="Next"/> has more to give: the memory that was offered may be overwritten.</summary>
    internal void Hold()
    {
        Settle();
        if (_bytes.Length > 0)
            _bytes.Keep();
        else
            _bytes.Clear();
    }

    /// <summary>Another engine has divided the stream since this one held nothing, and this one goes on at the beginning of a message.</summary>
    internal void Continue(long streamOffset) => _offset = streamOffset;

    /// <summary>Gives its memory back; what it holds is dropped.</summary>
    internal void Clear()
    {
        _bytes.Clear();
        (_announced, _seen, _handedOut) = (0, 0, 0);
    }

    // Asks how long the message is, unless that is known or nothing has come since it was asked last.
    private Errno Announce()
    {
        if (_announced > 0 || _bytes.Length == _seen)
            return Errno.None;

        int length = Parse();
        if (length < 0)
            return length >= -LargestErrno ? (Errno)(-length) : Errno.EPROTO;
        if (length > _mostBytes || (length == 0 && _bytes.Length >= _mostBytes))
            return Errno.EMSGSIZE;
        // It has said that these were too few to tell; a message that ends among them would depend on how TCP cut the stream.
        if (length > 0 && length <= _seen)
            return Errno.EPROTO;

        (_announced, _seen) = (length, _bytes.Length);
        return Errno.None;
    }

    private int Parse()
    {
        _message.Begin(_offset, isFinal: false, seenBefore: _seen);
        try
        {
            return _parser.Parse(_message);
        }
        catch (Exception exception)
        {
            throw new ProgramFaultException($"The parser threw {exception.GetType().Name}: {exception.Message}", exception);
        }
    }

    private void Settle()
    {
        _bytes.Consume(_handedOut);
        _offset += _handedOut;
        _handedOut = 0;
    }
}
