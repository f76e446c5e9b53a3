using System.Runtime.InteropServices;
using System.Text;

namespace Sluice.Redirect.Linux;

/// <summary>What the verifier says of a program it refuses. It is asked only then: writing it makes loading slower.</summary>
internal static unsafe class VerifierLog
{
    private const uint FirstSize = 64 * 1024;
    private const uint MostBytes = 16 * 1024 * 1024;

    /// <summary>
    /// Loads once more with a log, growing it while the kernel says ENOSPC. What does not fit into 16 MiB is cut off: at its
    /// beginning by kernels from 6.4 on, at its end by older ones.
    /// </summary>
    internal static string Ask(ProgramLoadAttributes attributes)
    {
        for (uint size = FirstSize; ; size *= 4)
        {
            byte* log = (byte*)NativeMemory.AllocZeroed(size);
            try
            {
                (attributes.Log, attributes.LogSize, attributes.LogLevel) = ((ulong)log, size, 1);
                int fd = BpfSyscall.CallAgain(BpfCommand.ProgramLoad, ref attributes);
                if (fd >= 0)
                    Syscall.Close(fd); // it passed at last: what stood in its way is gone
                else if (fd == -(int)Errno.ENOSPC && size < MostBytes)
                    continue;

                return Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(log));
            }
            finally
            {
                NativeMemory.Free(log);
            }
        }
    }
}
