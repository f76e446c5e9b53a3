using System.Runtime.InteropServices;

namespace Sluice.Redirect.Linux;

/// <summary>
/// System calls in the kernel's convention: a result ≥ 0, or minus an errno. Nothing is thrown and nothing is allocated.
/// errno is read only after a failure, which keeps the successful call as cheap as it is in C.
/// </summary>
internal static unsafe class Syscall
{
    internal static int EpollCreate() => Check(Libc.epoll_create1(Abi.CloseOnExec));

    internal static int EventFd() => Check(Libc.eventfd(0, Abi.CloseOnExec | Abi.NonBlocking));

    /// <summary>Adds 1 to an eventfd, which makes it readable.</summary>
    internal static int Signal(int eventFd)
    {
        ulong one = 1;
        return (int)Check(Libc.write(eventFd, &one, sizeof(ulong)));
    }

    /// <summary>Takes an eventfd back to 0.</summary>
    internal static int ClearSignal(int eventFd)
    {
        ulong count;
        return (int)Check(Libc.read(eventFd, &count, sizeof(ulong)));
    }

    internal static int Close(int fd) => Check(Libc.close(fd));

    internal static int Duplicate(int fd) => Check(Libc.fcntl(fd, Abi.FcntlDupCloseOnExec, 0));

    /// <summary>O_NONBLOCK and FD_CLOEXEC, for a descriptor that came from elsewhere.</summary>
    internal static int MakeOurs(int fd)
    {
        const int SetDescriptorFlags = 2, GetStatus = 3, SetStatus = 4;
        int status = Check(Libc.fcntl(fd, GetStatus, 0));
        if (status < 0)
            return status;
        _ = Libc.fcntl(fd, SetDescriptorFlags, 1);
        return Check(Libc.fcntl(fd, SetStatus, status | Abi.NonBlocking));
    }

    internal static int Socket(AddressFamily family) =>
        Check(Libc.socket((int)family, Abi.SockStream | Abi.NonBlocking | Abi.CloseOnExec, 0));

    internal static int Listen(int fd, int backlog) => Check(Libc.listen(fd, backlog));

    internal static int Bind(int fd, in SocketAddressBuffer address)
    {
        fixed (SocketAddressBuffer* pointer = &address)
            return Check(Libc.bind(fd, pointer->Bytes, pointer->Length));
    }

    internal static int Connect(int fd, in SocketAddressBuffer address)
    {
        fixed (SocketAddressBuffer* pointer = &address)
            return Check(Libc.connect(fd, pointer->Bytes, pointer->Length));
    }

    internal static int Accept(int fd, out SocketAddressBuffer address)
    {
        fixed (SocketAddressBuffer* pointer = &address)
        {
            pointer->Length = SocketAddressBuffer.Capacity;
            return Check(Libc.accept4(fd, pointer->Bytes, &pointer->Length, Abi.NonBlocking | Abi.CloseOnExec));
        }
    }

    internal static int GetSocketName(int fd, out SocketAddressBuffer address)
    {
        fixed (SocketAddressBuffer* pointer = &address)
        {
            pointer->Length = SocketAddressBuffer.Capacity;
            return Check(Libc.getsockname(fd, pointer->Bytes, &pointer->Length));
        }
    }

    /// <summary>The other end's address; ENOTCONN where there is none.</summary>
    internal static int GetPeerName(int fd, out SocketAddressBuffer address)
    {
        fixed (SocketAddressBuffer* pointer = &address)
        {
            pointer->Length = SocketAddressBuffer.Capacity;
            return Check(Libc.getpeername(fd, pointer->Bytes, &pointer->Length));
        }
    }

    /// <summary>What a connection was made to before netfilter redirected it; ENOENT or ENOPROTOOPT where it knows of none.</summary>
    internal static int GetOriginalDestination(int fd, AddressFamily family, out SocketAddressBuffer address)
    {
        bool isV6 = family == AddressFamily.Inet6;
        SocketOption option = isV6 ? SocketOption.OriginalDestinationV6 : SocketOption.OriginalDestination;
        fixed (SocketAddressBuffer* pointer = &address)
        {
            pointer->Length = isV6 ? 28u : 16u;
            return Check(Libc.getsockopt(fd, option.Level, option.Number, pointer->Bytes, &pointer->Length));
        }
    }

    /// <summary>Lets a socket have addresses that are not this host's; EPERM without CAP_NET_ADMIN and CAP_NET_RAW. Or no longer.</summary>
    internal static int AllowForeignAddresses(int fd, AddressFamily family, bool isAllowed = true) =>
        SetOption(fd, family == AddressFamily.Inet6 ? SocketOption.TransparentV6 : SocketOption.Transparent, isAllowed ? 1 : 0);

    internal static int SetOption(int fd, SocketOption option, int value) =>
        Check(Libc.setsockopt(fd, option.Level, option.Number, &value, sizeof(int)));

    internal static int GetOption(int fd, SocketOption option, out int value)
    {
        int read = 0;
        uint length = sizeof(int);
        int result = Check(Libc.getsockopt(fd, option.Level, option.Number, &read, &length));
        value = read;
        return result;
    }

    /// <summary>SO_COOKIE: the socket's number, unique for the life of the system.</summary>
    internal static int GetCookie(int fd, out ulong cookie)
    {
        ulong read = 0;
        uint length = sizeof(ulong);
        int result = Check(Libc.getsockopt(fd, SocketOption.Cookie.Level, SocketOption.Cookie.Number, &read, &length));
        cookie = read;
        return result;
    }

    /// <summary>The state of a TCP socket (TCP_ESTABLISHED = 1 and so on): the first byte of TCP_INFO.</summary>
    internal static int GetTcpState(int fd, out byte state)
    {
        byte read = 0;
        uint length = 1;
        int result = Check(Libc.getsockopt(fd, SocketOption.TcpInfo.Level, SocketOption.TcpInfo.Number, &read, &length));
        state = read;
        return result;
    }

    /// <summary>What TCP counts of a connection. Takes the socket's lock, as TCP_INFO does; 0 or minus an errno.</summary>
    internal static int GetTcpInfo(int fd, out TcpInfo info)
    {
        fixed (TcpInfo* pointer = &info)
        {
            *pointer = default;
            uint length = TcpInfo.Length;
            return Check(Libc.getsockopt(fd, SocketOption.TcpInfo.Level, SocketOption.TcpInfo.Number, pointer, &length));
        }
    }

    /// <summary>Makes the next close send RST and drop what is queued (SO_LINGER with a linger time of 0), or not any more.</summary>
    internal static int LingerZero(int fd, bool isOn = true)
    {
        int* linger = stackalloc int[2] { isOn ? 1 : 0, 0 }; // struct linger { int l_onoff; int l_linger; }
        return Check(Libc.setsockopt(fd, SocketOption.Linger.Level, SocketOption.Linger.Number, linger, 2 * sizeof(int)));
    }

    internal static nint Receive(int fd, Span<byte> buffer, int flags = 0)
    {
        fixed (byte* pointer = buffer)
            return Check(Libc.recv(fd, pointer, buffer.Length, flags));
    }

    /// <summary>Never raises SIGPIPE.</summary>
    internal static nint Send(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* pointer = bytes)
            return Check(Libc.send(fd, pointer, bytes.Length, Abi.MsgNoSignal));
    }

    internal static int ShutdownSend(int fd) => Check(Libc.shutdown(fd, Abi.ShutWrite));

    /// <summary>Bytes in the send queue that the other end has not acknowledged.</summary>
    internal static int OutQueue(int fd) => QueueLength(fd, Abi.SocketOutQueue);

    /// <summary>Bytes that have arrived and were not received.</summary>
    internal static int InQueue(int fd) => QueueLength(fd, Abi.SocketInQueue);

    internal static int Pipe(out int readEnd, out int writeEnd)
    {
        int* fds = stackalloc int[2];
        int result = Check(Libc.pipe2(fds, Abi.NonBlocking | Abi.CloseOnExec));
        (readEnd, writeEnd) = (fds[0], fds[1]);
        return result;
    }

    /// <summary>The pipe's new capacity in bytes.</summary>
    internal static int SetPipeSize(int fd, int bytes) => Check(Libc.fcntl(fd, Abi.FcntlSetPipeSize, bytes));

    /// <summary>Never waits. The runtime's own signals may interrupt it, unlike a non-blocking send or receive.</summary>
    internal static nint Splice(int from, int to, nint length)
    {
        nint moved;
        do
            moved = Check(Libc.splice(from, null, to, null, length, Abi.SpliceMove | Abi.SpliceNonBlock));
        while (moved == -(nint)(int)Errno.EINTR);
        return moved;
    }

    /// <summary>Maps a descriptor's memory, shared. The address, or minus an errno.</summary>
    internal static nint Map(int fd, nuint length, nint offset, bool isWritable)
    {
        int protection = isWritable ? Abi.ProtRead | Abi.ProtWrite : Abi.ProtRead;
        return Check((nint)Libc.mmap(null, length, protection, Abi.MapShared, fd, offset));
    }

    /// <summary>Maps a file to read it, privately. The address, or minus an errno.</summary>
    internal static nint MapFile(int fd, nuint length) => Check((nint)Libc.mmap(null, length, Abi.ProtRead, Abi.MapPrivate, fd, 0));

    internal static int Unmap(nint address, nuint length) => Check(Libc.munmap((void*)address, length));

    /// <summary>Pages of a private mapping go; what was written to them is lost, what was not comes back from the file (MADV_DONTNEED).</summary>
    internal static int DropPages(nint address, nuint length) => Check(Libc.madvise((void*)address, length, Abi.AdviceDontNeed));

    private static int QueueLength(int fd, nuint request)
    {
        int value;
        int result = Check(Libc.ioctl(fd, request, &value));
        return result < 0 ? result : value;
    }

    /// <summary>
    /// Nanoseconds that a process has run on a CPU, its ended threads included; 0 is the calling one, and a thread of the kernel is a
    /// process of its own. Minus an errno where there is no such process.
    /// </summary>
    internal static long CpuTime(int process)
    {
        const int ProcessClock = 2; // CPUCLOCK_SCHED of a process, linux/posix-timers.h
        const int ThisProcess = 2; // CLOCK_PROCESS_CPUTIME_ID
        long* time = stackalloc long[2]; // struct timespec
        int result = Check(Libc.clock_gettime(process == 0 ? ThisProcess : (~process << 3) | ProcessClock, time));
        return result < 0 ? result : (time[0] * 1_000_000_000) + time[1];
    }

    /// <summary>What a wrapper of the C library returned, in the kernel's convention.</summary>
    internal static int Check(int result) => result >= 0 ? result : -Marshal.GetLastSystemError();

    private static nint Check(nint result) => result >= 0 ? result : -Marshal.GetLastSystemError();
}
