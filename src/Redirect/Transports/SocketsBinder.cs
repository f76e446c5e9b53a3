using System.Net;
using System.Net.Sockets;

namespace Sluice.Redirect.Transports;

/// <summary>Makes sockets, listening ones above all, and says what to do when that fails.</summary>
internal static class SocketsBinder
{
    private const int Backlog = 4096;

    /// <summary>An unbound stream socket for the endpoint's family, without Nagle's delay.</summary>
    public static Socket Create(EndPoint endPoint) => endPoint is UnixDomainSocketEndPoint
        ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        : new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>A listening socket. Throws <see cref="BindException"/>.</summary>
    public static async ValueTask<Socket> BindAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        try
        {
            return Listen(endPoint);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse
            && UnixSocketFile.PathOf(endPoint) is not null)
        {
            if (!await UnixSocketFile.RemoveIfStaleAsync(endPoint, cancellationToken))
                throw BindException.For(endPoint, error.ToErrno(endPoint));
        }
        catch (SocketException error)
        {
            throw BindException.For(endPoint, error.ToErrno(endPoint));
        }

        try
        {
            return Listen(endPoint);
        }
        catch (SocketException error)
        {
            throw BindException.For(endPoint, error.ToErrno(endPoint));
        }
    }

    private static Socket Listen(EndPoint endPoint)
    {
        Socket socket = Create(endPoint);
        try
        {
            // [::] means every address of the host, as it does for Kestrel; any other IPv6 address means itself.
            if (endPoint is IPEndPoint { AddressFamily: AddressFamily.InterNetworkV6 } ip)
                socket.DualMode = ip.Address.Equals(IPAddress.IPv6Any);
            socket.Bind(endPoint);
            socket.Listen(Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
