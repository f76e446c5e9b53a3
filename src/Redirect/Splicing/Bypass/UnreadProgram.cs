using Sluice.Redirect.Bpf;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>
/// Tells whether a reader has taken all that was put into its own queue (SCHED_CLS, run by BPF_PROG_TEST_RUN on an
/// <see cref="UnreadRequest"/>): 0, or the memory of what it has not. A socket that is gone has no reader.
/// <code>
/// R6      the reader's socket, as found
/// R7      its psock's address
/// R8      the result
/// R9      the reader's struct tcp_sock
/// </code>
/// </summary>
internal static class UnreadProgram
{
    private const int CurrentNamespace = -1; // BPF_F_CURRENT_NETNS
    private const int RequestSlot = -UnreadRequest.Size;
    private const int PsockPointer = ~7; // SK_USER_DATA_PTRMASK, net/sock.h

    internal static ProgramImage Assemble(BypassFields fields)
    {
        var code = new Assembler();
        Label none = code.NewLabel("none"), release = code.NewLabel("release");
        code.Move(Register.R6, Register.R1);
        code.Move(Register.R2, PromotionProgram.HeaderSize);
        code.StackAddress(Register.R3, RequestSlot);
        code.Move(Register.R4, UnreadRequest.Size);
        code.Call(Helper.SkbLoadBytes);
        code.JumpIf(Register.R0, Condition.NotEqual, 0, none);
        code.Move(Register.R1, Register.R6);
        code.StackAddress(Register.R2, RequestSlot);
        code.Load(OperandSize.Word, Register.R3, Register.R10, RequestSlot + UnreadRequest.TupleSizeAt);
        code.And(Register.R3, 0x3F); // the verifier keeps no account of words on the stack
        code.JumpIf(Register.R3, Condition.Above, SocketTuple.Size, none);
        code.Move(Register.R4, CurrentNamespace);
        code.Move(Register.R5, 0);
        code.Call(Helper.SkLookupTcp);
        code.JumpIf(Register.R0, Condition.Equal, 0, none);
        code.Move(Register.R6, Register.R0);
        code.Move(Register.R8, 0);
        code.Move(Register.R1, Register.R6);
        code.Call(Helper.SkcToTcpSock);
        code.JumpIf(Register.R0, Condition.Equal, 0, release);
        code.Move(Register.R9, Register.R0);
        code.Load(fields, BypassField.UserData, Register.R7, Register.R9);
        code.And(Register.R7, PsockPointer);
        code.JumpIf(Register.R7, Condition.Equal, 0, release);
        code.Move(Register.R1, Register.R7);
        code.MoveWide(Register.R2, (ulong)fields.Psock);
        code.CallKernelFunction(fields.ReadOnlyCast);
        code.Load(fields, BypassField.FirstUnread, Register.R1, Register.R0);
        code.Add(Register.R7, fields[BypassField.FirstUnread].Offset);
        code.JumpIf(Register.R1, Condition.Equal, Register.R7, release);
        code.Load(fields, BypassField.ReceiveMemory, Register.R8, Register.R9);
        code.Or(Register.R8, 1);

        code.Mark(release);
        code.Move(Register.R1, Register.R6);
        code.Call(Helper.SkRelease);
        code.Move(Register.R0, Register.R8);
        code.Exit();
        code.Mark(none);
        code.Return(0);
        return code.Build();
    }
}
