using System.Net;
using System.Runtime.InteropServices;

namespace Sluice.Redirect.Linux;

/// <summary>
/// An IP address and port in 24 bytes, for keeping with every connection what is seldom asked for. Unix domain addresses
/// keep nothing but their family: a client's hardly ever has a name.
/// </summary>
internal readonly unsafe struct PackedAddress
{
    /// <summary>Bytes of an address in the one form for both families.</summary>
    internal const int MappedSize = 16;

    private readonly ulong _high;
    private readonly ulong _low;
    private readonly uint _scope;
    private readonly ushort _port;
    private readonly ushort _family;

    internal PackedAddress(in SocketAddressBuffer address)
    {
        fixed (byte* bytes = address.Bytes)
        {
            _family = (ushort)address.Family;
            if (address.Family == AddressFamily.Unix)
                return;

            _port = (ushort)((bytes[2] << 8) | bytes[3]);
            if (address.Family == AddressFamily.Inet)
            {
                _low = *(uint*)(bytes + 4);
            }
            else
            {
                (_high, _low) = (*(ulong*)(bytes + 8), *(ulong*)(bytes + 16));
                _scope = *(uint*)(bytes + 24);
            }
        }
    }

    /// <summary>An IPv4 address that <see cref="IsIPv4"/> has told of.</summary>
    internal PackedAddress(uint address, ushort port) => (_low, _port, _family) = (address, port, (ushort)AddressFamily.Inet);

    /// <summary>True of an IPv4 address: as it lies in memory in network order, and the port in host order.</summary>
    internal bool IsIPv4(out uint address, out ushort port)
    {
        (address, port) = ((uint)_low, _port);
        return (AddressFamily)_family == AddressFamily.Inet;
    }

    /// <summary>The address as an IPv6 one, IPv4 mapped into it, and the port in host order; false for other families.</summary>
    internal bool TryMap(Span<byte> address, out ushort port)
    {
        port = _port;
        if ((AddressFamily)_family == AddressFamily.Inet)
        {
            address[..10].Clear();
            address[10..12].Fill(0xFF);
            MemoryMarshal.Write(address[12..], (uint)_low);
            return true;
        }

        MemoryMarshal.Write(address, _high);
        MemoryMarshal.Write(address[8..], _low);
        return (AddressFamily)_family == AddressFamily.Inet6;
    }

    internal EndPoint ToEndPoint()
    {
        ReadOnlySpan<ulong> words = [_high, _low];
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(words);
        return (AddressFamily)_family switch
        {
            AddressFamily.Inet => new IPEndPoint(new IPAddress(bytes.Slice(8, 4)), _port),
            AddressFamily.Inet6 => new IPEndPoint(new IPAddress(bytes, _scope), _port),
            _ => UnnamedUnixEndPoint.Instance,
        };
    }
}
