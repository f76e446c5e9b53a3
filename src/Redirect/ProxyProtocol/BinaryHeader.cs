using System.Buffers.Binary;
using System.Net;

namespace Sluice.Redirect.ProxyProtocol;

/// <summary>
/// Version 2:
/// <code>
/// offset  0, 12 bytes  signature
/// offset 12,  1 byte   version (2) in the upper half, command in the lower
/// offset 13,  1 byte   address family in the upper half, protocol in the lower
/// offset 14,  2 bytes  how many bytes follow, network order: addresses, then vectors
/// </code>
/// </summary>
internal static class BinaryHeader
{
    internal const int FixedSize = 16;
    internal const int Version = 2;
    internal const byte TcpOverIPv4 = 0x11;
    internal const byte TcpOverIPv6 = 0x21;

    private const int VersionAt = 12;
    private const int FamilyAt = 13;
    private const int LengthAt = 14;

    // Of an address block by its family: unspecified, IPv4, IPv6, unix.
    private static ReadOnlySpan<byte> AddressSizes => [0, 12, 36, 216];

    internal static ReadOnlySpan<byte> Signature => [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    /// <summary>Bytes that begin with the signature, or with a part of it and no more.</summary>
    internal static ProxyHeaderResult Read(ReadOnlySpan<byte> bytes, int maxBytes)
    {
        if (bytes.Length <= VersionAt)
            return default;
        if (bytes[VersionAt] >> 4 != Version || (bytes[VersionAt] & 0xF) > (int)ProxyCommand.Proxy)
            return ProxyHeaderResult.Invalid("its version or command is unknown");
        if (bytes.Length < FixedSize)
            return default;

        int length = FixedSize + BinaryPrimitives.ReadUInt16BigEndian(bytes[LengthAt..]);
        if (length > maxBytes)
            return ProxyHeaderResult.Invalid("it is longer than max_bytes");
        // The block of a local connection is skipped, its family and what else it says included.
        bool isLocal = (bytes[VersionAt] & 0xF) == (int)ProxyCommand.Local;
        if (!isLocal && Misfit(bytes[FamilyAt], length - FixedSize) is { } problem)
            return ProxyHeaderResult.Invalid(problem);
        if (bytes.Length < length)
            return default;
        return isLocal
            ? ProxyHeaderResult.Complete(new ProxyHeader(Version, ProxyCommand.Local), length)
            : Read(bytes[..length]);
    }

    private static ProxyHeaderResult Read(ReadOnlySpan<byte> header)
    {
        byte family = header[FamilyAt];
        ReadOnlySpan<byte> block = header[FixedSize..];
        int addresses = AddressSizes[family >> 4];
        if (TlvBlock.Read(header, FixedSize + addresses, out var tlvs) is { } problem)
        {
            // How long addresses of an unspecified family are nobody knows, so what is there need not be vectors.
            if (addresses > 0)
                return ProxyHeaderResult.Invalid(problem);
            tlvs = [];
        }

        // Unix sockets and UDP are valid and not for us: the socket's own addresses stand then.
        (IPEndPoint? source, IPEndPoint? destination) = family is TcpOverIPv4 or TcpOverIPv6 ? Addresses(block[..addresses]) : default;
        return ProxyHeaderResult.Complete(new ProxyHeader(Version, ProxyCommand.Proxy, source, destination) { Tlvs = tlvs }, header.Length);
    }

    private static string? Misfit(byte family, int blockSize)
    {
        if (family >> 4 >= AddressSizes.Length || (family & 0xF) > 2)
            return "its address family or protocol is unknown";
        return blockSize < AddressSizes[family >> 4] ? "it is too short for its addresses" : null;
    }

    private static (IPEndPoint Source, IPEndPoint Destination) Addresses(ReadOnlySpan<byte> block)
    {
        int size = (block.Length - (2 * sizeof(ushort))) / 2;
        return (EndPoint(block[..size], block[(2 * size)..]), EndPoint(block[size..(2 * size)], block[((2 * size) + sizeof(ushort))..]));
    }

    private static IPEndPoint EndPoint(ReadOnlySpan<byte> address, ReadOnlySpan<byte> port) =>
        new(new IPAddress(address), BinaryPrimitives.ReadUInt16BigEndian(port));
}
