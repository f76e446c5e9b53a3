using System.Runtime.InteropServices;

namespace Sluice.Redirect.Linux;

/// <summary>Passes open descriptors to another process over a unix socket (SCM_RIGHTS, unix(7)). Every call is one message.</summary>
internal static unsafe class DescriptorPassing
{
    /// <summary>As many as one message of ours carries; the kernel takes 253.</summary>
    internal const int Most = 128;

    private const int ControlHeader = 16; // struct cmsghdr { size_t cmsg_len; int cmsg_level; int cmsg_type; }
    private const int SocketLevel = 1;
    private const int Rights = 1;
    private const int CloseOnExec = 0x40000000; // MSG_CMSG_CLOEXEC
    private const int Truncated = 0x8; // MSG_CTRUNC

    /// <summary>The count of bytes sent, or minus an errno. Never raises SIGPIPE.</summary>
    internal static int Send(int socket, ReadOnlySpan<byte> text, ReadOnlySpan<int> descriptors)
    {
        byte* control = stackalloc byte[ControlHeader + (Most * sizeof(int))];
        fixed (byte* bytes = text)
        {
            var vector = new Vector { Base = bytes, Length = (nuint)text.Length };
            var message = new MessageHeader { Vectors = &vector, VectorCount = 1 };
            if (!descriptors.IsEmpty)
            {
                *(nuint*)control = (nuint)(ControlHeader + (descriptors.Length * sizeof(int)));
                ((int*)control)[2] = SocketLevel;
                ((int*)control)[3] = Rights;
                descriptors.CopyTo(new Span<int>(control + ControlHeader, Most));
                message.Control = control;
                message.ControlLength = (nuint)((ControlHeader + (descriptors.Length * sizeof(int)) + 7) & ~7);
            }

            nint sent = Libc.sendmsg(socket, &message, Abi.MsgNoSignal);
            return sent >= 0 ? (int)sent : -Marshal.GetLastSystemError();
        }
    }

    /// <summary>The count of bytes received, 0 at the end, or minus an errno. The descriptors are the caller's.</summary>
    internal static int Receive(int socket, Span<byte> text, out int[] descriptors)
    {
        byte* control = stackalloc byte[ControlHeader + (Most * sizeof(int))];
        descriptors = [];
        fixed (byte* bytes = text)
        {
            var vector = new Vector { Base = bytes, Length = (nuint)text.Length };
            var message = new MessageHeader
            {
                Vectors = &vector, VectorCount = 1, Control = control, ControlLength = ControlHeader + (Most * sizeof(int)),
            };
            nint received = Libc.recvmsg(socket, &message, CloseOnExec);
            if (received < 0)
                return -Marshal.GetLastSystemError();
            if (message.ControlLength >= ControlHeader && ((int*)control)[2] == SocketLevel && ((int*)control)[3] == Rights)
                descriptors = new ReadOnlySpan<int>(control + ControlHeader, (int)((*(nuint*)control - ControlHeader) / sizeof(int))).ToArray();
            return (message.Flags & Truncated) == 0 ? (int)received : -(int)Errno.EMSGSIZE;
        }
    }

    /// <summary>The user of the process at the other end of a unix socket (SO_PEERCRED); minus an errno.</summary>
    internal static long UserOf(int socket)
    {
        uint* credentials = stackalloc uint[3]; // struct ucred { pid_t pid; uid_t uid; gid_t gid; }
        uint length = 3 * sizeof(uint);
        return Libc.getsockopt(socket, SocketLevel, 17, credentials, &length) < 0 ? -Marshal.GetLastSystemError() : credentials[1];
    }

    /// <summary>The user that this process acts as.</summary>
    internal static uint OwnUser => Libc.geteuid();

    // struct iovec
    [StructLayout(LayoutKind.Sequential)]
    private struct Vector
    {
        internal byte* Base;
        internal nuint Length;
    }

    // struct msghdr
    [StructLayout(LayoutKind.Sequential)]
    private struct MessageHeader
    {
        internal void* Name;
        internal ulong NameLength;
        internal Vector* Vectors;
        internal nuint VectorCount;
        internal void* Control;
        internal nuint ControlLength;
        internal ulong Flags;
    }
}
