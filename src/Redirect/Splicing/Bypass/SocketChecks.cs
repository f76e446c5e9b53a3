using Sluice.Redirect.Bpf;

namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>What both programs ask of an application's socket, whose struct tcp_sock a register points to. R1 to R4 are used up.</summary>
internal static class SocketChecks
{
    private const int NonBlocking = 0x800; // O_NONBLOCK, asm-generic/fcntl.h

    /// <summary>Goes on at a label unless the socket is non-blocking: recvmsg of a map's member may wake up with EAGAIN.</summary>
    internal static void JumpIfBlocking(this Assembler code, BypassFields fields, Register socket, Label label)
    {
        code.Load(fields, BypassField.Socket, Register.R1, socket);
        code.JumpIf(Register.R1, Condition.Equal, 0, label);
        code.Load(fields, BypassField.SocketFile, Register.R1, Register.R1);
        code.JumpIf(Register.R1, Condition.Equal, 0, label);
        code.Load(fields, BypassField.FileFlags, Register.R1, Register.R1);
        code.And(Register.R1, NonBlocking);
        code.JumpIf(Register.R1, Condition.Equal, 0, label);
    }

    /// <summary>
    /// Goes on at a label where somebody wants to hear what becomes of sent bytes (MSG_ZEROCOPY, SO_TIMESTAMPING): the proxy's socket would be
    /// told instead.
    /// </summary>
    internal static void JumpIfCompletions(this Assembler code, BypassFields fields, Register socket, Label label)
    {
        code.Load(fields, BypassField.Flags, Register.R1, socket);
        code.ShiftRight(Register.R1, fields.ZeroCopyBit);
        code.And(Register.R1, 1);
        code.Load(fields, BypassField.TimestampFlags, Register.R2, socket);
        code.Or(Register.R1, Register.R2);
        code.JumpIf(Register.R1, Condition.NotEqual, 0, label);
    }

    /// <summary>Goes on at a label where a protocol over TCP has the bytes before TCP does.</summary>
    internal static void JumpIfUpperLayer(this Assembler code, BypassFields fields, Register socket, Label label)
    {
        code.Load(fields, BypassField.UpperLayer, Register.R1, socket);
        code.JumpIf(Register.R1, Condition.NotEqual, 0, label);
    }
}
