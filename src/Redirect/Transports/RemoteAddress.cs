using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Sluice.Redirect.Transports;

/// <summary>The other end's IP address as the number that a set of prefixes looks for. Allocates nothing.</summary>
public static class RemoteAddress
{
    /// <summary>Of a connection of any transport; false where it is none over IP.</summary>
    public static bool TryGet(ConnectionContext connection, out UInt128 address) =>
        connection is IRemoteAddressFeature feature ? feature.TryGetRemoteAddress(out address) : TryGet(connection.RemoteEndPoint, out address);

    /// <summary>Of an address object, IPv4 mapped into IPv6; false where it is none of IP.</summary>
    public static bool TryGet(EndPoint? endPoint, out UInt128 address)
    {
        address = default;
        if (endPoint is not IPEndPoint { Address: var ip })
            return false;

        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        bool isV4 = ip.AddressFamily == AddressFamily.InterNetwork;
        if (isV4)
            bytes[10..12].Fill(0xFF);
        _ = ip.TryWriteBytes(isV4 ? bytes[12..] : bytes, out _);
        address = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return true;
    }
}

/// <summary>A connection that knows the other end's address without an address object.</summary>
internal interface IRemoteAddressFeature
{
    /// <summary>False where it is none over IP. Also after the connection has closed.</summary>
    bool TryGetRemoteAddress(out UInt128 address);
}
