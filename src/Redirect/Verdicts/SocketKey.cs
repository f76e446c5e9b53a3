using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;

namespace Sluice.Redirect.Verdicts;

/// <summary>
/// A connection as one of its sockets sees it: where the bytes come from and where they arrive. It is the key of a sockhash,
/// in managed code and in the kernel, so its 40 bytes are fixed:
/// <code>
/// offset  0, 16 bytes  remote address in network order; IPv4 as ::ffff:a.b.c.d
/// offset 16, 16 bytes  local address, likewise
/// offset 32,  4 bytes  remote port: two bytes in network order, then two zero bytes
/// offset 36,  4 bytes  local port, likewise
/// </code>
/// A program builds a port as <c>skb->remote_port >> 16</c> and <c>bpf_htonl(skb->local_port) >> 16</c>, and stores it as a
/// u32 of a little-endian machine. An interface (IPv6 scope) is no part of the key.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
public readonly struct SocketKey : IEquatable<SocketKey>
{
    /// <summary>Bytes of a key, in memory and in the kernel's map.</summary>
    public const int Size = 40;

    // ::ffff:0:0/96 as the low word of a mapped address begins on a little-endian machine.
    internal const uint MappedPrefix = 0xFFFF0000;

    // A client chooses its own port and, with IPv6, most of its address. With a secret of this process in the hash it cannot
    // choose what shares a bucket.
    private static readonly ulong Secret0 = RandomWord();
    private static readonly ulong Secret1 = RandomWord();
    private static readonly ulong Secret2 = RandomWord();

    private readonly ulong _remoteHigh;
    private readonly ulong _remoteLow;
    private readonly ulong _localHigh;
    private readonly ulong _localLow;
    private readonly uint _remotePort;
    private readonly uint _localPort;

    /// <summary>A key of addresses in the form of the key: 16 bytes each, IPv4 mapped. Throws when they are shorter.</summary>
    /// <param name="remoteAddress">The other end's address, network order.</param>
    /// <param name="remotePort">The other end's port, host order.</param>
    /// <param name="localAddress">The socket's own address, network order.</param>
    /// <param name="localPort">The socket's own port, host order.</param>
    public SocketKey(ReadOnlySpan<byte> remoteAddress, ushort remotePort, ReadOnlySpan<byte> localAddress, ushort localPort)
    {
        (_remoteHigh, _remoteLow) = Words(remoteAddress);
        (_localHigh, _localLow) = Words(localAddress);
        _remotePort = BinaryPrimitives.ReverseEndianness(remotePort);
        _localPort = BinaryPrimitives.ReverseEndianness(localPort);
    }

    /// <summary>A key that <see cref="High"/> and <see cref="Low"/> were taken from.</summary>
    internal SocketKey((ulong Remote, ulong Local) high, (ulong Remote, ulong Local, uint RemotePort, uint LocalPort) low)
    {
        (_remoteHigh, _localHigh) = high;
        (_remoteLow, _localLow) = (low.Remote, low.Local);
        (_remotePort, _localPort) = (low.RemotePort, low.LocalPort);
    }

    /// <summary>The addresses' first halves: both 0 for IPv4.</summary>
    internal (ulong Remote, ulong Local) High => (_remoteHigh, _localHigh);

    /// <summary>All but <see cref="High"/>.</summary>
    internal (ulong Remote, ulong Local, uint RemotePort, uint LocalPort) Low => (_remoteLow, _localLow, _remotePort, _localPort);

    /// <summary>True when it is the key of an IPv4 connection.</summary>
    public bool IsIPv4 => _localHigh == 0 && (uint)_localLow == MappedPrefix;

    /// <summary>True when it is no 4-tuple but what stands for one (<see cref="OfCookie"/>).</summary>
    internal bool HasNoPorts => Ports == 0;

    /// <summary>The other end's address and port.</summary>
    public IPEndPoint Remote => EndPointOf(_remoteHigh, _remoteLow, _remotePort);

    /// <summary>The socket's own address and port.</summary>
    public IPEndPoint Local => EndPointOf(_localHigh, _localLow, _localPort);

    /// <summary>The other end's address as a number, IPv4 mapped into IPv6. Unlike <see cref="Remote"/> it allocates nothing.</summary>
    public UInt128 RemoteAddress => NumberOf(_remoteHigh, _remoteLow);

    /// <summary>The socket's own address, likewise.</summary>
    public UInt128 LocalAddress => NumberOf(_localHigh, _localLow);

    /// <summary>The other end's port, host order.</summary>
    public ushort RemotePort => HostOrder(_remotePort);

    /// <summary>The socket's own port, host order.</summary>
    public ushort LocalPort => HostOrder(_localPort);

    /// <summary>The key of a socket with these addresses. Throws unless both are IPv4 or IPv6.</summary>
    public static SocketKey From(IPEndPoint remote, IPEndPoint local)
    {
        Span<byte> addresses = stackalloc byte[32];
        Map(remote.Address, addresses[..16]);
        Map(local.Address, addresses[16..]);
        return new SocketKey(addresses[..16], (ushort)remote.Port, addresses[16..], (ushort)local.Port);
    }

    /// <summary>
    /// A key for a socket that has no 4-tuple, a unix domain socket: its SO_COOKIE in the place of the remote address, all else
    /// zero. No TCP connection has port 0, so it is nobody else's.
    /// </summary>
    public static SocketKey OfCookie(ulong cookie)
    {
        Span<byte> addresses = stackalloc byte[32];
        addresses.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(addresses[8..], cookie);
        return new SocketKey(addresses[..16], 0, addresses[16..], 0);
    }

    /// <summary>The key of the socket at the other end of the connection.</summary>
    public SocketKey Reversed()
    {
        ReadOnlySpan<ulong> words = [_remoteHigh, _remoteLow, _localHigh, _localLow];
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(words);
        return new SocketKey(bytes[16..], HostOrder(_localPort), bytes[..16], HostOrder(_remotePort));
    }

    /// <inheritdoc/>
    public bool Equals(SocketKey other) =>
        ((_remoteLow ^ other._remoteLow) | (_localLow ^ other._localLow) | (Ports ^ other.Ports)
            | (_remoteHigh ^ other._remoteHigh) | (_localHigh ^ other._localHigh)) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SocketKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        ulong remote = Fold(_remoteLow ^ Secret0, _remoteHigh ^ Secret1);
        ulong local = Fold(_localLow ^ Secret1, _localHigh ^ Secret2);
        ulong all = Fold(remote ^ Ports ^ Secret2, local ^ Secret0);
        return (int)(all ^ (all >> 32));
    }

    /// <summary>For people: <c>10.0.0.1:40000 > 10.0.0.2:80</c>, the remote end first.</summary>
    public override string ToString() => $"{Remote} > {Local}";

    /// <summary>Same addresses and ports.</summary>
    public static bool operator ==(SocketKey left, SocketKey right) => left.Equals(right);

    /// <summary>Any address or port differs.</summary>
    public static bool operator !=(SocketKey left, SocketKey right) => !left.Equals(right);

    private ulong Ports => _remotePort | ((ulong)_localPort << 32);

    private static UInt128 NumberOf(ulong high, ulong low) =>
        new(BinaryPrimitives.ReverseEndianness(high), BinaryPrimitives.ReverseEndianness(low));

    private static ushort HostOrder(uint port) => BinaryPrimitives.ReverseEndianness((ushort)port);

    private static (ulong High, ulong Low) Words(ReadOnlySpan<byte> address) =>
        (MemoryMarshal.Read<ulong>(address), MemoryMarshal.Read<ulong>(address[8..]));

    private static ulong Fold(ulong a, ulong b)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        return high ^ low;
    }

    // From the system's secure generator, as a Guid is; RandomNumberGenerator would load OpenSSL, which costs the daemon 4 MB and a
    // tenth of its start. The few bits that are the same in every Guid lie in different places of its halves.
    private static ulong RandomWord()
    {
        ReadOnlySpan<Guid> guid = [Guid.NewGuid()];
        ReadOnlySpan<ulong> halves = MemoryMarshal.Cast<Guid, ulong>(guid);
        return halves[0] ^ halves[1];
    }

    // Not MapToIPv6, which allocates.
    private static void Map(IPAddress address, Span<byte> sixteen)
    {
        sixteen.Clear();
        bool mapped = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork;
        if (mapped)
            sixteen[10..12].Fill(0xFF);
        if (!address.TryWriteBytes(mapped ? sixteen[12..] : sixteen, out _))
            throw new ArgumentException($"{address} is neither an IPv4 nor an IPv6 address", nameof(address));
    }

    private static IPEndPoint EndPointOf(ulong high, ulong low, uint port)
    {
        ReadOnlySpan<ulong> words = [high, low];
        var address = new IPAddress(MemoryMarshal.AsBytes(words));
        return new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, HostOrder(port));
    }
}
