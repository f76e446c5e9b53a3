using System.Net;
using System.Net.Sockets;

namespace Sluice.Redirect.Linux;

/// <summary>
/// A sockaddr of any family the proxy speaks, held inline, so that accepting allocates no address object before
/// somebody asks for one.
/// </summary>
internal unsafe struct SocketAddressBuffer
{
    /// <summary>Enough for sockaddr_un (110 bytes), the largest.</summary>
    internal const int Capacity = 112;

    /// <summary>Bytes in use.</summary>
    internal uint Length;

    /// <summary>The sockaddr in the kernel's layout.</summary>
    internal fixed byte Bytes[Capacity];

    internal readonly AddressFamily Family
    {
        get
        {
            fixed (byte* bytes = Bytes)
                return Length < sizeof(ushort) ? AddressFamily.Unix : (AddressFamily)(*(ushort*)bytes);
        }
    }

    /// <summary>The kernel's layout of an endpoint. Throws for endpoints that are neither IP nor unix domain.</summary>
    internal static SocketAddressBuffer From(EndPoint endPoint)
    {
        if (endPoint is IPEndPoint ip)
            return From(ip);
        if (endPoint is not UnixDomainSocketEndPoint)
            throw new NotSupportedException($"{endPoint} ({endPoint.GetType().Name}) is neither an IP nor a unix domain endpoint");

        SocketAddress serialized = endPoint.Serialize();
        SocketAddressBuffer result = default;
        result.Length = (uint)serialized.Size;
        serialized.Buffer.Span[..serialized.Size].CopyTo(new Span<byte>(result.Bytes, Capacity));
        return result;
    }

    /// <summary>The endpoint; an unnamed unix socket gives an endpoint with an empty path.</summary>
    internal readonly EndPoint ToEndPoint()
    {
        fixed (byte* bytes = Bytes)
        {
            switch (Family)
            {
                case AddressFamily.Inet:
                    return new IPEndPoint(new IPAddress(new ReadOnlySpan<byte>(bytes + 4, 4)), Port(bytes));
                case AddressFamily.Inet6:
                    long scope = *(uint*)(bytes + 24);
                    return new IPEndPoint(new IPAddress(new ReadOnlySpan<byte>(bytes + 8, 16), scope), Port(bytes));
                default:
                    var path = new ReadOnlySpan<byte>(bytes + 2, Math.Max(0, (int)Length - 2));
                    return path.TrimEnd((byte)0).IsEmpty ? UnnamedUnixEndPoint.Instance : new UnixDomainSocketEndPoint(Path(path));
            }
        }
    }

    // Dialling does this for every connection, so it allocates nothing.
    private static SocketAddressBuffer From(IPEndPoint endPoint)
    {
        SocketAddressBuffer result = default;
        bool isV4 = endPoint.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork;
        *(ushort*)result.Bytes = (ushort)(isV4 ? AddressFamily.Inet : AddressFamily.Inet6);
        result.Bytes[2] = (byte)(endPoint.Port >> 8);
        result.Bytes[3] = (byte)endPoint.Port;
        result.Length = isV4 ? 16u : 28u;
        endPoint.Address.TryWriteBytes(new Span<byte>(result.Bytes + (isV4 ? 4 : 8), 16), out _);
        if (!isV4)
            *(uint*)(result.Bytes + 24) = (uint)endPoint.Address.ScopeId;
        return result;
    }

    private static int Port(byte* bytes) => (bytes[2] << 8) | bytes[3];

    // Abstract names begin with NUL and are as long as the address; path names end at their NUL.
    private static string Path(ReadOnlySpan<byte> path) =>
        System.Text.Encoding.UTF8.GetString(path[0] == 0 ? path : path.TrimEnd((byte)0));
}
