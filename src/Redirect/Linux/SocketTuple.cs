using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Sluice.Redirect.Linux;

/// <summary>
/// A 4-tuple as programs look sockets up by it: struct bpf_sock_tuple (uapi/linux/bpf.h), source and destination as of a packet that the
/// socket would receive. IPv4 in IPv6 is IPv4, as the kernel looks it up.
/// </summary>
[InlineArray(Size)]
internal struct SocketTuple
{
    /// <summary>Bytes of the larger form, for IPv6; what IPv4 does not use is zero.</summary>
    internal const int Size = 36;

    private byte _first;

    /// <summary>The tuple of the socket with these addresses, and how many bytes of it count.</summary>
    internal static SocketTuple Of(in SocketAddressBuffer local, in SocketAddressBuffer remote, out uint length)
    {
        SocketTuple tuple = default;
        Span<byte> bytes = tuple;
        Span<byte> from = stackalloc byte[PackedAddress.MappedSize], to = stackalloc byte[PackedAddress.MappedSize];
        _ = new PackedAddress(remote).TryMap(from, out ushort fromPort);
        _ = new PackedAddress(local).TryMap(to, out ushort toPort);
        if (IsMapped(from) && IsMapped(to))
        {
            from = from[12..];
            to = to[12..];
        }

        from.CopyTo(bytes);
        to.CopyTo(bytes[from.Length..]);
        length = (uint)(2 * from.Length) + (2 * sizeof(ushort));
        BinaryPrimitives.WriteUInt16BigEndian(bytes[(2 * from.Length)..], fromPort);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[((2 * from.Length) + sizeof(ushort))..], toPort);
        return tuple;
    }

    private static bool IsMapped(ReadOnlySpan<byte> address) =>
        address[..10].IndexOfAnyExcept((byte)0) < 0 && address[10] == 0xFF && address[11] == 0xFF;
}
