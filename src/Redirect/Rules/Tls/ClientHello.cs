namespace Sluice.Redirect.Rules.Tls;

/// <summary>
/// Reads the TLS ClientHello (RFC 8446, 4.1.2; RFC 5246, 7.4.1.2) that a stream begins with, for what it asks of the server.
/// It checks the format as far as it must to find that, and no more: versions, cipher suites and unknown extensions, GREASE
/// among them, are stepped over. With encrypted client hello the name is the outer one, as only the server can read the other.
/// </summary>
public static class ClientHello
{
    /// <summary>A ClientHello, the headers of its records included, may be so many bytes long: 16 KiB.</summary>
    public const int MostBytes = 16 * 1024;

    /// <summary>
    /// Reads a stream's first bytes and consumes none: while the result is <see cref="ClientHelloStatus.Incomplete"/>, call it
    /// again with all of them and more. How the message is divided into records makes no difference, and what follows it is
    /// not looked at. Takes time in proportion to the bytes, allocates nothing, and never throws. Thread-safe.
    /// </summary>
    public static ClientHelloResult Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new ClientHelloReader(bytes);
        return reader.Read();
    }
}
