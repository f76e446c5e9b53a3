using System.Diagnostics.CodeAnalysis;

namespace Sluice.Redirect.Rules.Tls;

/// <summary>
/// What <see cref="ClientHello.Read"/> found. Its spans show the bytes that were read, or, where a record's end cuts a name,
/// a copy inside this value: keep it in a local, and use neither longer than those bytes.
/// </summary>
public readonly ref struct ClientHelloResult
{
    private readonly ReadOnlySpan<byte> _name;
    private readonly NameCopy _copy;
    private readonly int _copied;

    internal ClientHelloResult(ClientHelloStatus status) => Status = status;

    // Each cursor stands at its part and is limited to it.
    internal ClientHelloResult(HandshakeCursor name, HandshakeCursor alpn)
    {
        Status = ClientHelloStatus.Complete;
        Alpn = new AlpnNames(alpn);
        if (!name.TrySlice(name.Left, out _name))
            name.CopyTo(_copy[..(_copied = name.Left)]);
    }

    /// <summary>Whether there is a ClientHello. Unless it is complete there are no names.</summary>
    public ClientHelloStatus Status { get; }

    /// <summary>
    /// The host_name of the server_name extension (SNI; RFC 6066, 3), 1 to 255 bytes as they stand: a dot at the end, upper
    /// case and bytes that no host name has are left as they are, and it is for <see cref="HostNamePattern"/> to make nothing
    /// of the last. Empty: the client named none.
    /// </summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> ServerName => _copied > 0 ? _copy[.._copied] : _name;

    /// <summary>The application protocols that the client offers (ALPN; RFC 7301), in its order; none when it offers none.</summary>
    public AlpnNames Alpn { get; }
}
