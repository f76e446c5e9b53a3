using System.Runtime.InteropServices;

namespace Sluice.Redirect.Linux;

/// <summary>Memory shared with the kernel, or a file's (mmap(2)). It stays valid when the descriptor is closed.</summary>
internal sealed class MemoryMapping : SafeHandle
{
    private readonly nuint _length;

    private MemoryMapping(nint address, nuint length)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        SetHandle(address);
        _length = length;
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Where it begins, while it is not disposed.</summary>
    internal nint Address => handle;

    /// <summary>Maps <paramref name="length"/> bytes from <paramref name="offset"/>, both whole pages for what the kernel's maps give.</summary>
    internal static Errno Map(int fd, nuint length, nint offset, bool isWritable, out MemoryMapping? mapping) =>
        Take(Syscall.Map(fd, length, offset, isWritable), length, out mapping);

    /// <summary>Maps a file to read it. Private: what sysfs has of the kernel's read-only memory refuses to be shared.</summary>
    internal static Errno MapFile(int fd, nuint length, out MemoryMapping? mapping) => Take(Syscall.MapFile(fd, length), length, out mapping);

    private static Errno Take(nint address, nuint length, out MemoryMapping? mapping)
    {
        mapping = address < 0 ? null : new MemoryMapping(address, length);
        return address < 0 ? (Errno)(-address) : Errno.None;
    }

    protected override bool ReleaseHandle() => Syscall.Unmap(handle, _length) == 0;
}
