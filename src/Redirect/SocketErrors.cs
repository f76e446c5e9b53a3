using System.Net;
using System.Net.Sockets;

namespace Sluice.Redirect;

/// <summary>From what System.Net.Sockets throws to the kernel's errno.</summary>
public static class SocketErrors
{
    /// <summary>The errno behind an exception of a TCP socket; EIO when it carries none.</summary>
    public static Errno ToErrno(this SocketException error) =>
        // .NET files EMFILE under ENFILE; of the two the process's own limit is by far the likelier.
        error.SocketErrorCode == SocketError.TooManyOpenSockets ? Errno.EMFILE :
        error.NativeErrorCode is > 0 and < 4096 and var native ? (Errno)native : Errno.EIO;

    /// <summary>The errno behind a failed bind or connect.</summary>
    public static Errno ToErrno(this SocketException error, EndPoint endPoint) =>
        // .NET files ENOENT, a unix socket that is not there, under "address not available" and forgets the original.
        endPoint is UnixDomainSocketEndPoint && error.SocketErrorCode == SocketError.AddressNotAvailable
            ? Errno.ENOENT
            : error.ToErrno();
}
