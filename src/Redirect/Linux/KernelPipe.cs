namespace Sluice.Redirect.Linux;

/// <summary>
/// A kernel pipe that carries spliced pages between two sockets. It knows how many bytes it holds, because a full pipe
/// and an empty socket answer splice(2) with the same EAGAIN.
/// </summary>
internal sealed class KernelPipe : IDisposable
{
    private readonly int _readEnd;
    private readonly int _writeEnd;

    private KernelPipe(int readEnd, int writeEnd, int capacity)
    {
        (_readEnd, _writeEnd, Capacity) = (readEnd, writeEnd, capacity);
    }

    /// <summary>False where a sandbox forbids splice(2), with EPERM or ENOSYS before it looks at what it is to splice.</summary>
    internal static bool IsPermitted { get; } = Syscall.Splice(-1, -1, 1) == -(nint)(int)Errno.EBADF;

    /// <summary>Bytes that fit when every page is full.</summary>
    internal int Capacity { get; }

    /// <summary>Bytes spliced in and not yet out.</summary>
    internal long Held { get; private set; }

    /// <summary>A pipe of up to <paramref name="capacity"/> bytes, less where fs.pipe-user-pages-soft says so; null without fds.</summary>
    internal static KernelPipe? TryCreate(int capacity)
    {
        if (Syscall.Pipe(out int readEnd, out int writeEnd) < 0)
            return null;

        int actual = Syscall.SetPipeSize(writeEnd, capacity);
        return new KernelPipe(readEnd, writeEnd, actual < 0 ? 64 * 1024 : actual);
    }

    /// <summary>From a socket into this pipe: bytes moved, 0 at end of stream, or minus an errno.</summary>
    internal nint Fill(int socket, int length)
    {
        nint moved = Syscall.Splice(socket, _writeEnd, length);
        if (moved > 0)
            Held += moved;
        return moved;
    }

    /// <summary>From this pipe into a socket: bytes moved, or minus an errno.</summary>
    internal nint Drain(int socket)
    {
        nint moved = Syscall.Splice(_readEnd, socket, (nint)Held);
        if (moved > 0)
            Held -= moved;
        return moved;
    }

    public void Dispose()
    {
        Syscall.Close(_readEnd);
        Syscall.Close(_writeEnd);
    }
}
