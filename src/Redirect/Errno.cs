namespace Sluice.Redirect;

/// <summary>
/// Linux error numbers (asm-generic/errno-base.h and errno.h, the same on x86-64 and arm64) by their kernel names.
/// Zero means success. Values outside this list occur and are carried through unchanged; the kernel's are below 4096.
/// </summary>
public enum Errno : ushort
{
    /// <summary>Success.</summary>
    None = 0,
    /// <summary>Operation not permitted.</summary>
    EPERM = 1,
    /// <summary>No such file, directory or map entry.</summary>
    ENOENT = 2,
    /// <summary>Interrupted by a signal before anything happened.</summary>
    EINTR = 4,
    /// <summary>Input/output error.</summary>
    EIO = 5,
    /// <summary>Argument too large; for maps: an index past the end, or no room.</summary>
    E2BIG = 7,
    /// <summary>Not an open file descriptor.</summary>
    EBADF = 9,
    /// <summary>Would block: nothing to read, or no room to write.</summary>
    EAGAIN = 11,
    /// <summary>Out of memory.</summary>
    ENOMEM = 12,
    /// <summary>Permission denied.</summary>
    EACCES = 13,
    /// <summary>Bad address; for helpers: bytes outside the message.</summary>
    EFAULT = 14,
    /// <summary>Device or resource busy; for maps: a second parser or verdict program.</summary>
    EBUSY = 16,
    /// <summary>Already there.</summary>
    EEXIST = 17,
    /// <summary>Not a directory.</summary>
    ENOTDIR = 20,
    /// <summary>Invalid argument.</summary>
    EINVAL = 22,
    /// <summary>The system has no file descriptors left.</summary>
    ENFILE = 23,
    /// <summary>The process has no file descriptors left (RLIMIT_NOFILE).</summary>
    EMFILE = 24,
    /// <summary>No space left.</summary>
    ENOSPC = 28,
    /// <summary>Read-only file system.</summary>
    EROFS = 30,
    /// <summary>Written to a connection whose sending side is shut.</summary>
    EPIPE = 32,
    /// <summary>A name is longer than allowed.</summary>
    ENAMETOOLONG = 36,
    /// <summary>The running kernel does not have this system call.</summary>
    ENOSYS = 38,
    /// <summary>The link has been severed; for program links: it holds no slot any more.</summary>
    ENOLINK = 67,
    /// <summary>Protocol error; for stream parsers: the parser made no progress.</summary>
    EPROTO = 71,
    /// <summary>Not a message: its bytes contradict its format.</summary>
    EBADMSG = 74,
    /// <summary>Not a socket.</summary>
    ENOTSOCK = 88,
    /// <summary>Message too long.</summary>
    EMSGSIZE = 90,
    /// <summary>Operation not supported; for maps: a socket in a state they do not take.</summary>
    EOPNOTSUPP = 95,
    /// <summary>Address family not supported.</summary>
    EAFNOSUPPORT = 97,
    /// <summary>Address already in use.</summary>
    EADDRINUSE = 98,
    /// <summary>The address is not one of this host's, or no local port is left.</summary>
    EADDRNOTAVAIL = 99,
    /// <summary>Network is down.</summary>
    ENETDOWN = 100,
    /// <summary>Network is unreachable.</summary>
    ENETUNREACH = 101,
    /// <summary>The connection was aborted before it was accepted.</summary>
    ECONNABORTED = 103,
    /// <summary>The connection was reset by the other end (RST).</summary>
    ECONNRESET = 104,
    /// <summary>No buffer space available.</summary>
    ENOBUFS = 105,
    /// <summary>Not connected.</summary>
    ENOTCONN = 107,
    /// <summary>The other end did not answer in time.</summary>
    ETIMEDOUT = 110,
    /// <summary>Nothing listens there.</summary>
    ECONNREFUSED = 111,
    /// <summary>Host is down.</summary>
    EHOSTDOWN = 112,
    /// <summary>No route to the host.</summary>
    EHOSTUNREACH = 113,
    /// <summary>The operation is already under way.</summary>
    EALREADY = 114,
    /// <summary>The operation has been started and not yet finished.</summary>
    EINPROGRESS = 115,
    /// <summary>Given up by whoever asked for it.</summary>
    ECANCELED = 125,
}
