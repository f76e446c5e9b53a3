using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Sluice.Redirect.Splicing.Pipes;

/// <summary>
/// Tells a reset from an end of stream. The kernel tells an error once: where a send was told of the RST, the receive that
/// comes after it finds an ordinary end of stream.
/// </summary>
internal static class ResetProbe
{
    private const int IpProtoTcp = 6;
    private const int TcpInfo = 11;
    private const byte TcpClose = 7;

    /// <summary>
    /// True when the connection, whose end of stream has been read, is gone altogether: it was reset, or FIN was sent to it
    /// as well. False where the system cannot tell: on unix sockets, which know no RST, and on systems other than Linux.
    /// </summary>
    internal static bool WasReset(this ConnectionContext connection)
    {
        if (!OperatingSystem.IsLinux()
            || connection.Features.Get<IConnectionSocketFeature>()?.Socket is not { AddressFamily: not AddressFamily.Unix } socket)
            return false;

        try
        {
            Span<byte> state = stackalloc byte[1];
            return socket.GetRawSocketOption(IpProtoTcp, TcpInfo, state) == 1 && state[0] == TcpClose;
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // By the transport, when a send failed.
            return true;
        }
    }
}
