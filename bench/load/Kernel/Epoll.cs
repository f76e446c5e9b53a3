using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sluice.Load.Kernel;

/// <summary>What a descriptor is watched for, and what happened.</summary>
[Flags]
internal enum EpollEvents : uint
{
    None = 0,
    In = 1,
    Out = 4,
    Error = 8,
    HangUp = 16,
}

/// <summary>A level-triggered epoll set; each descriptor carries a token of the caller's. One thread.</summary>
internal sealed unsafe class Epoll : IDisposable
{
    private const int Capacity = 256;
    private const int AddOperation = 1;
    private const int ModifyOperation = 3;

    // struct epoll_event is packed on x86-64 only.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int Stride = DataOffset + sizeof(ulong);

    private readonly int _fd;
    private readonly byte* _events = (byte*)NativeMemory.AllocZeroed((nuint)(Capacity * 16));

    public Epoll()
    {
        _fd = Libc.EpollCreate(Libc.EpollCloseOnExec);
        if (_fd < 0)
            throw TcpSocket.Failure("make an epoll set");
    }

    public void Add(int fd, EpollEvents interest, int token) => Control(AddOperation, fd, interest, token);

    public void Modify(int fd, EpollEvents interest, int token) => Control(ModifyOperation, fd, interest, token);

    /// <summary>Waits for events; returns how many, 0 when the time is over (-1 = no limit).</summary>
    public int Wait(int timeoutMs) => Math.Max(0, Libc.EpollWait(_fd, _events, Capacity, timeoutMs));

    public EpollEvents EventsAt(int index) => (EpollEvents)Unsafe.ReadUnaligned<uint>(_events + (index * Stride));

    public int TokenAt(int index) => (int)Unsafe.ReadUnaligned<ulong>(_events + (index * Stride) + DataOffset);

    public void Dispose()
    {
        _ = Libc.Close(_fd);
        NativeMemory.Free(_events);
    }

    private void Control(int operation, int fd, EpollEvents interest, int token)
    {
        byte* change = stackalloc byte[16];
        Unsafe.WriteUnaligned(change, (uint)interest);
        Unsafe.WriteUnaligned(change + DataOffset, (ulong)(uint)token);
        if (Libc.EpollControl(_fd, operation, fd, change) != 0)
            throw TcpSocket.Failure("change an epoll set");
    }
}
