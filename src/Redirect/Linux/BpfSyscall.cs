using System.Runtime.InteropServices;

namespace Sluice.Redirect.Linux;

/// <summary>bpf(2). The C library has no wrapper for it, so it is called by its number.</summary>
internal static unsafe class BpfSyscall
{
    // The verifier gives up with EAGAIN when a signal arrives, and the runtime sends itself signals.
    private const int MostAttempts = 16;

    private static readonly nint Number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 280 : 321;

    /// <summary>Runs a command on attributes; the kernel writes its answers into them. A result ≥ 0, or minus an errno.</summary>
    internal static int Call<T>(BpfCommand command, ref T attributes) where T : unmanaged
    {
        fixed (T* pointer = &attributes)
        {
            nint result = Libc.syscall(Number, (nint)command, pointer, sizeof(T));
            return result >= 0 ? (int)result : -Marshal.GetLastSystemError();
        }
    }

    /// <summary>The same for commands that a signal ends with EAGAIN: they are tried again.</summary>
    internal static int CallAgain<T>(BpfCommand command, ref T attributes) where T : unmanaged
    {
        int result = Call(command, ref attributes);
        for (int attempt = 1; result == -(int)Errno.EAGAIN && attempt < MostAttempts; attempt++)
            result = Call(command, ref attributes);
        return result;
    }

    /// <summary>The errno of a result.</summary>
    internal static Errno ErrnoOf(int result) => result < 0 ? (Errno)(-result) : Errno.None;
}
