namespace Sluice.Redirect.Rules.Tls;

/// <summary>
/// Walks the bytes of a handshake message from record to record (RFC 8446, 5.1), forward only. What it says depends on the
/// bytes it has passed and on no later one, so a refusal stands however much more there is. A copy of it is a place to return to.
/// </summary>
internal ref struct HandshakeCursor
{
    private const int HeaderBytes = 5;
    private const byte HandshakeRecord = 22;
    private const byte MajorVersion = 3;
    private const int MostInRecord = 1 << 14;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _next;
    private int _inRecord;

    internal HandshakeCursor(ReadOnlySpan<byte> bytes) => _bytes = bytes[..Math.Min(bytes.Length, ClientHello.MostBytes)];

    /// <summary>Why it went no further; <see cref="ClientHelloStatus.Complete"/> while it has not been stopped.</summary>
    internal ClientHelloStatus Status { get; private set; } = ClientHelloStatus.Complete;

    /// <summary>How many bytes of the message lie behind.</summary>
    internal int Offset { get; private set; }

    /// <summary>The offset that nothing may reach beyond.</summary>
    internal int Limit { get; set; } = int.MaxValue;

    /// <summary>How many bytes there are to the limit.</summary>
    internal readonly int Left => Limit - Offset;

    /// <summary>How many bytes of the message can follow before the stream's are too many.</summary>
    internal readonly int Room => ClientHello.MostBytes - _next;

    /// <summary>Stops here.</summary>
    internal bool Fail(ClientHelloStatus status)
    {
        Status = status;
        return false;
    }

    /// <summary>A number of one to three bytes, big-endian.</summary>
    internal bool TryNumber(int bytes, out int number)
    {
        number = 0;
        if (bytes > Left)
            return Fail(ClientHelloStatus.Malformed);

        for (; bytes > 0; bytes--)
        {
            if (!Enter())
                return false;

            number = (number << 8) | _bytes[_next];
            Advance(1);
        }

        return true;
    }

    /// <summary>A vector's length, which its range and the limit must allow, and with it where the vector ends.</summary>
    internal bool TryVector(int lengthBytes, int least, int most, out int end)
    {
        end = 0;
        if (!TryNumber(lengthBytes, out int length))
            return false;
        if (length < least || length > most || length > Left)
            return Fail(ClientHelloStatus.Malformed);

        end = Offset + length;
        return true;
    }

    /// <summary>Goes on to an offset.</summary>
    internal bool SkipTo(int offset)
    {
        if (offset > Limit)
            return Fail(ClientHelloStatus.Malformed);

        while (Offset < offset)
        {
            if (!Enter())
                return false;

            Advance(Math.Min(offset - Offset, AtHand));
        }

        return true;
    }

    /// <summary>Passes so many bytes as they lie; false, and nothing is passed, when a record's end cuts them.</summary>
    internal bool TrySlice(int count, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (count == 0)
            return true;
        if (!Enter() || count > AtHand)
            return false;

        bytes = _bytes.Slice(_next, count);
        Advance(count);
        return true;
    }

    /// <summary>Passes as many bytes as there is room for, which have been passed by another copy before, and copies them.</summary>
    internal void CopyTo(scoped Span<byte> destination)
    {
        while (destination.Length > 0 && Enter())
        {
            int count = Math.Min(destination.Length, AtHand);
            _bytes.Slice(_next, count).CopyTo(destination);
            destination = destination[count..];
            Advance(count);
        }
    }

    private readonly int AtHand => Math.Min(_inRecord, _bytes.Length - _next);

    private void Advance(int count)
    {
        _next += count;
        _inRecord -= count;
        Offset += count;
    }

    // To the next byte of the message, over headers of records. Empty records are against the standard for handshakes, but
    // servers step over them, and a client must not escape its route by what its server allows.
    private bool Enter()
    {
        while (_inRecord == 0)
        {
            ReadOnlySpan<byte> header = _bytes[_next..Math.Min(_bytes.Length, _next + HeaderBytes)];
            if ((header.Length > 0 && header[0] != HandshakeRecord) || (header.Length > 1 && header[1] != MajorVersion))
                return Fail(_next == 0 ? ClientHelloStatus.NotTls : ClientHelloStatus.Malformed);
            if (header.Length < HeaderBytes)
                return EndOfBytes();

            // The minor version has no meaning (RFC 8446, 5.1).
            _inRecord = (header[3] << 8) | header[4];
            if (_inRecord > MostInRecord)
                return Fail(ClientHelloStatus.Malformed);

            _next += HeaderBytes;
        }

        return _next < _bytes.Length || EndOfBytes();
    }

    private bool EndOfBytes() =>
        Fail(_bytes.Length == ClientHello.MostBytes ? ClientHelloStatus.TooLong : ClientHelloStatus.Incomplete);
}
