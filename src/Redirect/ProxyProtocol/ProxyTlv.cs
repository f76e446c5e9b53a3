namespace Sluice.Redirect.ProxyProtocol;

/// <summary>One of the vectors (type, length, value) behind the addresses of a version 2 header.</summary>
/// <param name="Type">One of <see cref="ProxyTlvType"/>, or of the ranges for applications.</param>
/// <param name="Value">0 to 65,532 bytes. Shares memory with the header it came from.</param>
public readonly record struct ProxyTlv(byte Type, ReadOnlyMemory<byte> Value);

/// <summary>The types of vectors that are registered (HAProxy, doc/proxy-protocol.txt, 2.2) and mean something here.</summary>
public static class ProxyTlvType
{
    /// <summary>PP2_TYPE_ALPN: the protocol spoken above.</summary>
    public const byte Alpn = 0x01;

    /// <summary>PP2_TYPE_AUTHORITY: the host name that the client asked for, with TLS its SNI.</summary>
    public const byte Authority = 0x02;

    /// <summary>PP2_TYPE_CRC32C: a checksum over the whole header, 4 bytes.</summary>
    public const byte Checksum = 0x03;

    /// <summary>PP2_TYPE_NOOP: padding.</summary>
    public const byte Padding = 0x04;

    /// <summary>PP2_TYPE_UNIQUE_ID: up to <see cref="LongestUniqueId"/> bytes that no other connection has.</summary>
    public const byte UniqueId = 0x05;

    /// <summary>PP2_TYPE_MIN_CUSTOM: the first of those for applications.</summary>
    public const byte FirstCustom = 0xE0;

    /// <summary>PP2_TYPE_MAX_CUSTOM: the last of those for applications.</summary>
    public const byte LastCustom = 0xEF;

    /// <summary>The most bytes that a unique id may have.</summary>
    public const int LongestUniqueId = 128;
}
