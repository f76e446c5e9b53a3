using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Sluice.Redirect.ProxyProtocol;

/// <summary>Writes the header for a connection to a server that expects one. Thread-safe; each call gives bytes of its own.</summary>
public static class ProxyHeaderWriter
{
    /// <summary>
    /// The header's bytes, to be sent in one piece before anything else. Where a header has no addresses, version 1 says UNKNOWN
    /// and version 2 that the family is unspecified. IPv4 that is written as IPv6 becomes IPv4 where both addresses can. Throws
    /// <see cref="ArgumentException"/> for vectors that do not fit into 65,535 bytes together with the addresses.
    /// </summary>
    /// <param name="header">Version 1 has no place for its vectors and leaves them out.</param>
    /// <param name="withChecksum">Adds a CRC32c; version 2 only.</param>
    public static byte[] Write(ProxyHeader header, bool withChecksum = false) =>
        header.Version == 1 ? WriteText(header) : WriteBinary(header, withChecksum);

    /// <summary>
    /// What begins a connection that the proxy makes for itself, such as a health check. Version 1 has no word for that: UNKNOWN
    /// makes the server use the connection's own addresses as well.
    /// </summary>
    /// <param name="version">1 or 2.</param>
    public static byte[] Local(int version) => Write(new ProxyHeader(version, ProxyCommand.Local));

    private static byte[] WriteText(ProxyHeader header)
    {
        if (Pair(header) is not { } pair)
            return "PROXY UNKNOWN\r\n"u8.ToArray();

        (IPAddress source, IPAddress destination, bool isV4) = pair;
        return Encoding.ASCII.GetBytes(
            $"PROXY {(isV4 ? "TCP4" : "TCP6")} {source} {destination} {header.Source!.Port} {header.Destination!.Port}\r\n");
    }

    private static byte[] WriteBinary(ProxyHeader header, bool withChecksum)
    {
        var block = new MemoryStream();
        byte family = WriteAddresses(header, block);
        if (header.Command == ProxyCommand.Proxy)
        {
            foreach (ProxyTlv tlv in header.Tlvs)
                WriteTlv(block, tlv.Type, tlv.Value.Span);
            if (withChecksum)
                WriteTlv(block, ProxyTlvType.Checksum, [0, 0, 0, 0]);
        }

        if (block.Length > ushort.MaxValue)
            throw new ArgumentException($"The vectors take {block.Length} bytes with the addresses, and 65,535 is the most", nameof(header));
        byte[] bytes =
        [
            .. BinaryHeader.Signature, (byte)((BinaryHeader.Version << 4) | (int)header.Command), family,
            (byte)(block.Length >> 8), (byte)block.Length, .. block.ToArray(),
        ];
        if (withChecksum && header.Command == ProxyCommand.Proxy)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(bytes.Length - sizeof(uint)), Crc32C.Compute(bytes, bytes.Length - sizeof(uint)));
        return bytes;
    }

    private static byte WriteAddresses(ProxyHeader header, MemoryStream block)
    {
        if (Pair(header) is not { } pair)
            return 0;

        block.Write(pair.Source.GetAddressBytes());
        block.Write(pair.Destination.GetAddressBytes());
        WriteNumber(block, header.Source!.Port);
        WriteNumber(block, header.Destination!.Port);
        return pair.IsV4 ? BinaryHeader.TcpOverIPv4 : BinaryHeader.TcpOverIPv6;
    }

    private static void WriteTlv(MemoryStream block, byte type, ReadOnlySpan<byte> value)
    {
        block.WriteByte(type);
        WriteNumber(block, value.Length);
        block.Write(value);
    }

    private static void WriteNumber(MemoryStream block, int number) => block.Write([(byte)(number >> 8), (byte)number]);

    // A header has one family for both addresses.
    private static (IPAddress Source, IPAddress Destination, bool IsV4)? Pair(ProxyHeader header)
    {
        if (header is not { Command: ProxyCommand.Proxy, Source.Address: { } source, Destination.Address: { } destination })
            return null;

        bool isV4 = IsV4(source) && IsV4(destination);
        return isV4 ? (source.MapToIPv4(), destination.MapToIPv4(), true) : (Unscoped(source), Unscoped(destination), false);
    }

    private static bool IsV4(IPAddress address) => address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6;

    // The interface of a link-local address means nothing on another machine.
    private static IPAddress Unscoped(IPAddress address) => new(address.MapToIPv6().GetAddressBytes());
}
