using System.Runtime.InteropServices;

namespace Sluice.Redirect.Linux;

/// <summary>
/// An epoll instance and the buffer its events arrive in. One thread waits; the same thread adds.
/// struct epoll_event is packed on x86-64 (12 bytes) and not elsewhere (16 bytes), hence the stride.
/// </summary>
internal sealed unsafe class Epoll : IDisposable
{
    /// <summary>How many events one wait brings at most; when it does there may be more.</summary>
    internal const int MaxEvents = 256;

    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int Stride = DataOffset + sizeof(ulong);

    private readonly int _fd;
    private readonly byte* _events = (byte*)NativeMemory.AllocZeroed((nuint)(MaxEvents * Stride));

    internal Epoll()
    {
        _fd = Syscall.EpollCreate();
        if (_fd < 0)
            throw new LinuxException("epoll_create1", (Errno)(-_fd));
    }

    /// <summary>Watches <paramref name="fd"/>; <paramref name="data"/> comes back with its events. 0 or minus an errno.</summary>
    internal int Add(int fd, EpollEvents events, ulong data) => Control(Abi.EpollCtlAdd, fd, events, data);

    /// <summary>
    /// Watches for other events from now on. What is already there of them is reported again, edge-triggered too.
    /// 0 or minus an errno.
    /// </summary>
    internal int Modify(int fd, EpollEvents events, ulong data) => Control(Abi.EpollCtlMod, fd, events, data);

    /// <summary>Ends the watch; closing does only where no other process has the socket.</summary>
    internal void Remove(int fd) => _ = Control(Abi.EpollCtlDel, fd, EpollEvents.None, 0);

    /// <summary>
    /// Waits up to <paramref name="timeoutMilliseconds"/> (-1: without end) and returns how many events there are. An interrupted wait,
    /// as a stopped process has it when it goes on, ends with what is there by then.
    /// </summary>
    internal int Wait(int timeoutMilliseconds)
    {
        while (true)
        {
            int count = Libc.epoll_wait(_fd, _events, MaxEvents, timeoutMilliseconds);
            if (count >= 0)
                return count;

            var errno = (Errno)Marshal.GetLastSystemError();
            if (errno != Errno.EINTR)
                throw new LinuxException("epoll_wait", errno);
            timeoutMilliseconds = 0;
        }
    }

    /// <summary>Event <paramref name="index"/> of the last wait.</summary>
    internal (EpollEvents Events, ulong Data) this[int index]
    {
        get
        {
            byte* record = _events + (index * Stride);
            return ((EpollEvents)(*(uint*)record), *(ulong*)(record + DataOffset));
        }
    }

    public void Dispose()
    {
        Syscall.Close(_fd);
        NativeMemory.Free(_events);
    }

    private int Control(int operation, int fd, EpollEvents events, ulong data)
    {
        byte* record = stackalloc byte[16];
        *(uint*)record = (uint)events;
        *(ulong*)(record + DataOffset) = data;
        int result = Libc.epoll_ctl(_fd, operation, fd, record);
        return result >= 0 ? result : -Marshal.GetLastSystemError();
    }
}
