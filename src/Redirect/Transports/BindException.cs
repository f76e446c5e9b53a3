using System.Net;

namespace Sluice.Redirect.Transports;

/// <summary>An endpoint could not be listened on. The message names it, the errno and what to do.</summary>
public sealed class BindException(EndPoint endPoint, Errno errno, string message) : Exception(message)
{
    /// <summary>What was to be bound.</summary>
    public EndPoint EndPoint { get; } = endPoint;

    /// <summary>The kernel's answer.</summary>
    public Errno Errno { get; } = errno;

    /// <summary>The exception with the message that fits the errno.</summary>
    public static BindException For(EndPoint endPoint, Errno errno) =>
        new(endPoint, errno, $"cannot listen on {endPoint}: {errno}, {Advice(errno)}");

    /// <summary>As <see cref="For"/>, where the socket was to take connections to addresses that are not this host's.</summary>
    public static BindException ForTransparent(EndPoint endPoint, Errno errno) => errno == Errno.EPERM
        ? new(endPoint, errno, $"cannot listen on {endPoint}: {errno}, `transparent: true` needs CAP_NET_ADMIN or CAP_NET_RAW")
        : For(endPoint, errno);

    private static string Advice(Errno errno) => errno switch
    {
        Errno.EADDRINUSE => "something else listens there already; find it with `ss -ltnp`, or choose another address",
        Errno.EADDRNOTAVAIL => "the address is not one of this host's; `ip address` lists them",
        Errno.EACCES => "ports below net.ipv4.ip_unprivileged_port_start need CAP_NET_BIND_SERVICE, and unix paths need a writable directory",
        Errno.EPERM => "it is forbidden here; a seccomp or LSM profile may be the cause",
        Errno.ENOENT or Errno.ENOTDIR => "the directory of the unix socket does not exist",
        Errno.EROFS => "the file system of the unix socket is read-only",
        Errno.EMFILE or Errno.ENFILE => "no file descriptors are left; raise RLIMIT_NOFILE",
        Errno.EAFNOSUPPORT => "this kernel does not have the address family; is IPv6 switched off?",
        Errno.EINVAL or Errno.ENAMETOOLONG => "the address is not valid for its family",
        _ => "see bind(2)",
    };
}
