namespace Sluice.Redirect.Rules.Tls;

/// <summary>Goes through a ClientHello once, part by part, and notes where the names are.</summary>
internal ref struct ClientHelloReader
{
    private const int ClientHelloType = 1;
    private const int VersionAndRandom = 2 + 32;
    private const int MostOfSessionId = 32;
    private const int MostOfU8 = byte.MaxValue;
    private const int MostOfU16 = ushort.MaxValue;
    private const int ServerNameExtension = 0;
    private const int AlpnExtension = 16;
    private const int HostNameType = 0;

    private HandshakeCursor _cursor;
    private HandshakeCursor _name;
    private HandshakeCursor _alpn;

    internal ClientHelloReader(ReadOnlySpan<byte> bytes)
    {
        _cursor = new HandshakeCursor(bytes);
        _name = _alpn = new HandshakeCursor(default) { Limit = 0 };
    }

    internal ClientHelloResult Read() =>
        Header() && Offer() && Extensions() ? new ClientHelloResult(_name, _alpn) : new ClientHelloResult(_cursor.Status);

    private bool Header()
    {
        if (!_cursor.TryNumber(1, out int type))
            return false;
        if (type != ClientHelloType)
            return _cursor.Fail(ClientHelloStatus.NotTls);
        if (!_cursor.TryNumber(3, out int length))
            return false;
        if (length > _cursor.Room)
            return _cursor.Fail(ClientHelloStatus.TooLong);

        _cursor.Limit = _cursor.Offset + length;
        return true;
    }

    // Up to the extensions: version, random, session id, cipher suites and compression methods.
    private bool Offer()
    {
        if (!_cursor.SkipTo(_cursor.Offset + VersionAndRandom)
            || !_cursor.TryVector(1, 0, MostOfSessionId, out int sessionEnd) || !_cursor.SkipTo(sessionEnd)
            || !_cursor.TryVector(2, 2, MostOfU16, out int suitesEnd))
            return false;

        return (suitesEnd - _cursor.Offset) % 2 == 0
            ? _cursor.SkipTo(suitesEnd) && _cursor.TryVector(1, 1, MostOfU8, out int methodsEnd) && _cursor.SkipTo(methodsEnd)
            : _cursor.Fail(ClientHelloStatus.Malformed);
    }

    private bool Extensions()
    {
        // Before TLS 1.3 a hello may do without.
        if (_cursor.Left == 0)
            return true;
        if (!WholeVector(least: 0))
            return false;

        // One bit for each type there can be: a client must not make this slow with thousands of different ones.
        Span<ulong> seen = stackalloc ulong[(MostOfU16 + 1) / 64];
        int end = _cursor.Limit;
        while (_cursor.Left > 0)
        {
            if (!_cursor.TryNumber(2, out int type))
                return false;
            if ((seen[type / 64] & (1UL << (type % 64))) != 0)
                return _cursor.Fail(ClientHelloStatus.Malformed);

            seen[type / 64] |= 1UL << (type % 64);
            if (!_cursor.TryVector(2, 0, MostOfU16, out int extensionEnd))
                return false;

            _cursor.Limit = extensionEnd;
            if (!Extension(type))
                return false;

            _cursor.Limit = end;
        }

        return true;
    }

    private bool Extension(int type) => type switch
    {
        ServerNameExtension => ServerNames(),
        AlpnExtension => Protocols(),
        _ => _cursor.SkipTo(_cursor.Limit),
    };

    private bool ServerNames()
    {
        if (!WholeVector(least: 1))
            return false;

        while (_cursor.Left > 0)
        {
            // Names of types to come begin with two bytes of length as well (RFC 6066, 3).
            if (!_cursor.TryNumber(1, out int type)
                || !_cursor.TryVector(2, type == HostNameType ? 1 : 0, type == HostNameType ? NameCopy.Size : MostOfU16, out int end))
                return false;
            if (type == HostNameType)
            {
                if (_name.Left > 0)
                    return _cursor.Fail(ClientHelloStatus.Malformed);

                _name = _cursor;
                _name.Limit = end;
            }

            if (!_cursor.SkipTo(end))
                return false;
        }

        return true;
    }

    private bool Protocols()
    {
        if (!WholeVector(least: 2))
            return false;

        _alpn = _cursor;
        while (_cursor.Left > 0)
        {
            if (!_cursor.TryVector(1, 1, MostOfU8, out int end) || !_cursor.SkipTo(end))
                return false;
        }

        return true;
    }

    // A vector with a length of two bytes that fills all that is left to the limit.
    private bool WholeVector(int least) =>
        _cursor.TryVector(2, least, MostOfU16, out int end)
        && (end == _cursor.Limit || _cursor.Fail(ClientHelloStatus.Malformed));
}
