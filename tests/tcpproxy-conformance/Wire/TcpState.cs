using System.Net.Sockets;

namespace TcpProxyConformance.Wire;

/// <summary>What the kernel knows of a socket without anything being read or sent.</summary>
internal static class TcpState
{
    private const int Tcp = 6, Info = 11, Cork = 3, Repair = 19, Established = 1, Closed = 7;

    /// <summary>Whether the connection is over: by RST, or because both FINs are through. TCP_INFO takes no pending error away.</summary>
    public static bool IsClosed(this Socket socket) => State(socket) == Closed;

    /// <summary>Whether a FIN or an RST has come, read or not, of a socket that has sent none.</summary>
    public static bool HasEnded(this Socket socket) => State(socket) != Established;

    /// <summary>SO_ERROR, which is 0 after it has been asked for.</summary>
    public static SocketError TakeError(this Socket socket) =>
        (SocketError)(int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;

    /// <summary>Holds segments back until they are full or the cork is out, so that a FIN goes with the last data.</summary>
    public static void SetCork(this Socket socket, bool on) => socket.SetRawSocketOption(Tcp, Cork, BitConverter.GetBytes(on ? 1 : 0));

    /// <summary>Closes a socket without telling its peer, as a host does whose power fails. False: this process may not (CAP_NET_ADMIN).</summary>
    public static bool TryVanish(this Socket socket)
    {
        try
        {
            socket.SetRawSocketOption(Tcp, Repair, BitConverter.GetBytes(1));
        }
        catch (SocketException)
        {
            return false;
        }

        socket.Dispose();
        return true;
    }

    private static byte State(Socket socket)
    {
        Span<byte> info = stackalloc byte[1];
        socket.GetRawSocketOption(Tcp, Info, info);
        return info[0];
    }
}
