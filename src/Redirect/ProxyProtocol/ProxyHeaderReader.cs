namespace Sluice.Redirect.ProxyProtocol;

/// <summary>
/// Reads the header that a proxy puts in front of a relayed connection, versions 1 and 2, as strictly as the specification has
/// it (HAProxy, doc/proxy-protocol.txt). A pure function over the bytes: it takes none and keeps nothing between calls.
/// </summary>
public static class ProxyHeaderReader
{
    /// <summary>The longest header of version 1, its line end included.</summary>
    public const int LongestText = 107;

    /// <summary>The longest header that version 2 can write down.</summary>
    public const int LongestBinary = BinaryHeader.FixedSize + ushort.MaxValue;

    private static ReadOnlySpan<byte> TextSignature => "PROXY"u8;

    /// <summary>
    /// Looks at a stream's first bytes, all that have come so far. While the result is
    /// <see cref="ProxyHeaderStatus.NeedMore"/>, call it again with more. Never throws for what the bytes are.
    /// </summary>
    /// <param name="bytes">From the first one of the stream on.</param>
    /// <param name="maxBytes">A longer header is invalid. What it has besides addresses is copied, so this bounds memory.</param>
    public static ProxyHeaderResult Read(ReadOnlySpan<byte> bytes, int maxBytes = LongestBinary)
    {
        if (Begins(bytes, BinaryHeader.Signature))
            return BinaryHeader.Read(bytes, maxBytes);
        if (Begins(bytes, TextSignature))
            return TextHeader.Read(bytes, Math.Min(maxBytes, LongestText));
        return new(ProxyHeaderStatus.Absent, null, 0, null);
    }

    /// <summary>True when the bytes have the whole signature of a version, so that whoever sent them meant a header.</summary>
    public static bool HasSignature(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(BinaryHeader.Signature) || bytes.StartsWith(TextSignature);

    private static bool Begins(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> signature) =>
        bytes.Length < signature.Length ? signature.StartsWith(bytes) : bytes.StartsWith(signature);
}
