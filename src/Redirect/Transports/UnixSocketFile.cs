using System.Net;
using System.Net.Sockets;

namespace Sluice.Redirect.Transports;

/// <summary>The file a unix socket leaves behind when its process dies, which then keeps its successor from binding.</summary>
public static class UnixSocketFile
{
    /// <summary>The file of a unix endpoint; null for abstract names and for IP.</summary>
    public static string? PathOf(EndPoint endPoint) =>
        // The endpoint has no accessor for its path; its text is the path, or @name for an abstract one.
        endPoint is UnixDomainSocketEndPoint unix && unix.ToString() is { Length: > 0 } path && path[0] is not '@' ? path : null;

    /// <summary>
    /// Removes the endpoint's socket file if nobody listens on it. False when somebody does, or when the file is not a socket:
    /// connecting to one of those is refused as well, and it is not ours to delete.
    /// </summary>
    public static async ValueTask<bool> RemoveIfStaleAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        if (PathOf(endPoint) is not { } path || !IsSocket(path))
            return false;

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await probe.ConnectAsync(endPoint, cancellationToken);
            return false;
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Whether there is a socket of that path; false for any other file, and for one that must not be opened.</summary>
    public static bool IsSocket(string path)
    {
        // The kernel opens no socket by its path (ENXIO), but any other file; and for reading and writing it waits on no FIFO.
        try
        {
            File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite).Dispose();
            return false;
        }
        catch (IOException)
        {
            return File.Exists(path);
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}
