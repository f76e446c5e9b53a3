using System.Buffers.Binary;
using System.Net;

namespace Sluice.ProxyHost.Model;

/// <summary>A number for where a connection comes from: the address without the port, the same in every process. Allocates nothing.</summary>
internal static class SourceHash
{
    /// <summary>False for what has no address, such as a unix socket. An IPv4 address is the same mapped into IPv6.</summary>
    public static bool TryOf(EndPoint? source, out ulong hash)
    {
        hash = 0;
        Span<byte> octets = stackalloc byte[16];
        if (source is not IPEndPoint ip || !ip.Address.TryWriteBytes(octets, out int length))
            return false;
        if (length == 16 && ip.Address.IsIPv4MappedToIPv6)
        {
            octets[12..].CopyTo(octets);
            length = 4;
        }

        hash = length == 4
            ? Mix(BinaryPrimitives.ReadUInt32BigEndian(octets))
            : Mix(Mix(BinaryPrimitives.ReadUInt64BigEndian(octets)) ^ BinaryPrimitives.ReadUInt64BigEndian(octets[8..]));
        return true;
    }

    /// <summary>The finalizer of splitmix64: neighbours become strangers.</summary>
    public static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
