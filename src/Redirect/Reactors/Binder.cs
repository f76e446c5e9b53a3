using System.Net;
using System.Net.Sockets;
using Sluice.Redirect.Linux;
using Sluice.Redirect.Transports;
using AddressFamily = Sluice.Redirect.Linux.AddressFamily;

namespace Sluice.Redirect.Reactors;

/// <summary>
/// Makes listening sockets. SO_REUSEPORT, which lets every reactor have its own, would also let a second daemon bind the
/// same address unnoticed: so the address is first bound without it.
/// </summary>
internal static class Binder
{
    /// <summary>
    /// <paramref name="count"/> listening descriptors for one address, and the address with the port the kernel chose for 0.
    /// </summary>
    internal static (int[] Fds, EndPoint EndPoint) Bind(EndPoint endPoint, int count, int backlog, bool isTransparent = false)
    {
        var fds = new List<int>(count);
        try
        {
            EndPoint actual = endPoint is UnixDomainSocketEndPoint unix
                ? BindUnix(fds, unix, count, backlog)
                : BindInternet(fds, endPoint, count, backlog, isTransparent);
            return ([.. fds], actual);
        }
        catch
        {
            fds.ForEach(fd => Syscall.Close(fd));
            throw;
        }
    }

    /// <summary>
    /// At least <paramref name="count"/> descriptors of sockets that listen already: every queue is accepted from, and where there are
    /// fewer than reactors several share one.
    /// </summary>
    internal static int[] Adopt(int[] inherited, EndPoint endPoint, int count)
    {
        List<int> fds = [.. inherited];
        try
        {
            while (fds.Count < count)
                fds.Add(Require(Syscall.Duplicate(inherited[fds.Count % inherited.Length]), endPoint));
            return [.. fds];
        }
        catch
        {
            fds.ForEach(fd => Syscall.Close(fd));
            throw;
        }
    }

    /// <summary>Lets listening sockets take connections to addresses that are not this host's.</summary>
    internal static void MakeTransparent(IEnumerable<int> fds, EndPoint endPoint)
    {
        AddressFamily family = SocketAddressBuffer.From(endPoint).Family;
        foreach (int fd in fds)
        {
            if (Syscall.AllowForeignAddresses(fd, family) is < 0 and var refused)
                throw BindException.ForTransparent(endPoint, (Errno)(-refused));
        }
    }

    private static EndPoint BindInternet(List<int> fds, EndPoint endPoint, int count, int backlog, bool isTransparent)
    {
        int first = Open(fds, endPoint);
        if (isTransparent)
            MakeTransparent(fds, endPoint);
        Require(Syscall.Bind(first, SocketAddressBuffer.From(endPoint)), endPoint);
        Require(Syscall.GetSocketName(first, out SocketAddressBuffer bound), endPoint);
        EndPoint actual = bound.ToEndPoint();
        if (count > 1)
        {
            // Nobody else has it. Sharing must be asked for before binding, so bind anew.
            Syscall.Close(first);
            fds.Clear();
            for (int i = 0; i < count; i++)
            {
                int fd = Open(fds, endPoint);
                Require(Syscall.SetOption(fd, SocketOption.ReusePort, 1), actual);
                if (isTransparent)
                    MakeTransparent([fd], actual);
                Require(Syscall.Bind(fd, bound), actual);
            }
        }

        // Listening begins when all are bound, so that the kernel never spreads over some of them only.
        foreach (int fd in fds)
            Require(Syscall.Listen(fd, backlog), actual);
        return actual;
    }

    private static UnixDomainSocketEndPoint BindUnix(List<int> fds, UnixDomainSocketEndPoint endPoint, int count, int backlog)
    {
        int first = Open(fds, endPoint);
        SocketAddressBuffer address = SocketAddressBuffer.From(endPoint);
        int result = Syscall.Bind(first, address);
        if (result == -(int)Errno.EADDRINUSE && IsStale(address, endPoint))
        {
            File.Delete(endPoint.ToString());
            result = Syscall.Bind(first, address);
        }

        Require(result, endPoint);
        Require(Syscall.Listen(first, backlog), endPoint);
        for (int i = 1; i < count; i++)
            fds.Add(Require(Syscall.Duplicate(first), endPoint));
        return endPoint;
    }

    private static int Open(List<int> fds, EndPoint endPoint)
    {
        AddressFamily family = SocketAddressBuffer.From(endPoint).Family;
        int fd = Require(Syscall.Socket(family), endPoint);
        fds.Add(fd);
        if (family != AddressFamily.Unix)
        {
            Require(Syscall.SetOption(fd, SocketOption.ReuseAddress, 1), endPoint);
            // Accepted sockets inherit these. A second urgent byte would make the kernel drop one that nobody has received yet.
            Require(Syscall.SetOption(fd, SocketOption.NoDelay, 1), endPoint);
            Require(Syscall.SetOption(fd, SocketOption.OutOfBandInline, 1), endPoint);
        }

        if (family == AddressFamily.Inet6)
            Require(Syscall.SetOption(fd, SocketOption.V6Only, 0), endPoint); // [::] takes IPv4 as well
        return fd;
    }

    // A socket file that nobody listens on was left behind by a process that died.
    private static bool IsStale(in SocketAddressBuffer address, UnixDomainSocketEndPoint endPoint)
    {
        // Connecting to a file that is no socket is refused as well, and that one is not ours to delete.
        if (UnixSocketFile.PathOf(endPoint) is not { } path || !UnixSocketFile.IsSocket(path))
            return false;

        int fd = Syscall.Socket(AddressFamily.Unix);
        if (fd < 0)
            return false;
        int result = Syscall.Connect(fd, address);
        Syscall.Close(fd);
        return result == -(int)Errno.ECONNREFUSED;
    }

    private static int Require(int result, EndPoint endPoint) =>
        result >= 0 ? result : throw BindException.For(endPoint, (Errno)(-result));
}
