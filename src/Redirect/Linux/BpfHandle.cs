using Microsoft.Win32.SafeHandles;

namespace Sluice.Redirect.Linux;

/// <summary>A descriptor of something that bpf(2) made. The kernel opens all of them close-on-exec.</summary>
internal abstract class BpfHandle : SafeHandleMinusOneIsInvalid
{
    private protected BpfHandle(int fd)
        : base(ownsHandle: true)
    {
        SetHandle(fd);
    }

    /// <summary>The descriptor's number, for epoll or an instruction that names it. Valid until this is disposed.</summary>
    internal int Fd => (int)handle;

    /// <summary>Keeps the descriptor open while it is used. Throws where it has been closed.</summary>
    internal Lease Borrow() => new(this);

    protected override bool ReleaseHandle() => Syscall.Close((int)handle) == 0;

    /// <summary>A descriptor that cannot be closed, and its number given to another file, until this is disposed.</summary>
    internal readonly ref struct Lease : IDisposable
    {
        private readonly BpfHandle _handle;

        internal Lease(BpfHandle handle)
        {
            bool isAdded = false;
            handle.DangerousAddRef(ref isAdded);
            _handle = handle;
        }

        internal int Fd => _handle.Fd;

        public void Dispose() => _handle.DangerousRelease();
    }
}
