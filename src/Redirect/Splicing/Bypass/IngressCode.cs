using Sluice.Redirect.Bpf;

namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>
/// The part of the send program that puts a message into the receiver's own queue (BPF_F_INGRESS). The sender's bytes before are in the sink's
/// send queue by then. R6 is the message, R8 the record, R9 the sink. docs/decisions/0030 has what must hold.
/// </summary>
internal sealed class IngressCode(Assembler code, BypassFields fields, IReadOnlyDictionary<BypassPass, Label> passFor)
{
    /// <summary>Bytes that may wait for a reader in its own queue, besides what threads that send at the same moment add.</summary>
    internal const int MostBytes = 256 * 1024;

    /// <summary>Messages that may: each is a struct sk_msg and pages, however short it is.</summary>
    internal const int MostMessages = 256;

    private const int Pass = 1;
    private const int Ingress = 1; // BPF_F_INGRESS
    private const int Established = 1; // net/tcp_states.h
    private const int FinWait1 = 4;
    private const int FinWait2 = 5;
    private const int ReceiveShutdown = 1;

    /// <summary>Ends the program, one way or another.</summary>
    internal void Emit(int indexSlot, int keySlot, int sequenceSlot, int sizeAt)
    {
        code.Load(fields, BypassField.WriteSequence, Register.R1, Register.R9);
        code.Store(OperandSize.Word, Register.R10, sequenceSlot, Register.R1);
        code.Load(OperandSize.Word, Register.R1, Register.R10, indexSlot);
        code.Xor(Register.R1, 1);
        code.Store(OperandSize.Word, Register.R10, indexSlot, Register.R1);
        code.LookUp(BypassMapNames.Records, indexSlot, passFor[BypassPass.Sink]);
        code.Comment("the address may be another socket's by now: then the map does not have the key either");
        code.Load(OperandSize.DoubleWord, Register.R1, Register.R0, BypassRecord.SocketAt);
        code.MoveWide(Register.R2, (ulong)fields.TcpSock);
        code.CallKernelFunction(fields.ReadOnlyCast);
        code.Move(Register.R9, Register.R0);
        JumpUnlessReceiving();
        JumpUnlessAllWasRead(sequenceSlot);
        JumpUnlessRoom(sizeAt);
        Redirect(keySlot, sizeAt);
    }

    private void JumpUnlessReceiving()
    {
        Label isUp = code.NewLabel("receiver_is_up");
        code.Load(fields, BypassField.State, Register.R1, Register.R9);
        foreach (int state in (ReadOnlySpan<int>)[Established, FinWait1, FinWait2])
            code.JumpIf(Register.R1, Condition.Equal, state, isUp);
        code.Jump(passFor[BypassPass.Sink]);
        code.Mark(isUp);
        code.Load(fields, BypassField.Shutdown, Register.R1, Register.R9);
        code.And(Register.R1, ReceiveShutdown);
        code.JumpIf(Register.R1, Condition.NotEqual, 0, passFor[BypassPass.Sink]);
        code.Load(fields, BypassField.Error, Register.R1, Register.R9);
        code.JumpIf(Register.R1, Condition.NotEqual, 0, passFor[BypassPass.Sink]);
    }

    // The reader takes what lies in its own queue before what lies in TCP's: so TCP's must be empty, and nothing on its way there.
    private void JumpUnlessAllWasRead(int sequenceSlot)
    {
        code.Load(OperandSize.Word, Register.R1, Register.R10, sequenceSlot);
        foreach (BypassField field in (ReadOnlySpan<BypassField>)[BypassField.NextSequence, BypassField.CopiedSequence])
        {
            code.Load(fields, field, Register.R2, Register.R9);
            code.JumpIf32(Register.R1, Condition.NotEqual, Register.R2, passFor[BypassPass.Order]);
        }
    }

    private void JumpUnlessRoom(int sizeAt)
    {
        Label isFilled = code.NewLabel("receiver_has_unread");
        code.Load(fields, BypassField.ReceiveMemory, Register.R1, Register.R9);
        code.JumpIf(Register.R1, Condition.NotEqual, 0, isFilled);
        code.StoreImmediate(OperandSize.Word, Register.R8, BypassRecord.QueuedAt, 0);
        code.Mark(isFilled);
        code.Load(OperandSize.Word, Register.R2, Register.R6, sizeAt);
        code.Add(Register.R1, Register.R2);
        code.JumpIf(Register.R1, Condition.Above, MostBytes, passFor[BypassPass.Room]);
        code.Load(OperandSize.Word, Register.R1, Register.R8, BypassRecord.QueuedAt);
        code.JumpIf(Register.R1, Condition.AboveOrEqual, MostMessages, passFor[BypassPass.Room]);
        code.Add(Register.R1, 1);
        code.Store(OperandSize.Word, Register.R8, BypassRecord.QueuedAt, Register.R1);
    }

    private void Redirect(int keySlot, int sizeAt)
    {
        code.Load(OperandSize.DoubleWord, Register.R1, Register.R8, BypassRecord.PeerKeyAt);
        code.Store(OperandSize.DoubleWord, Register.R10, keySlot, Register.R1);
        code.Move(Register.R1, Register.R6);
        code.LoadMap(Register.R2, BypassMapNames.Senders);
        code.StackAddress(Register.R3, keySlot);
        code.Move(Register.R4, Ingress);
        code.Call(Helper.MsgRedirectHash);
        code.JumpIf(Register.R0, Condition.NotEqual, Pass, passFor[BypassPass.Sink]);
        code.Load(OperandSize.Word, Register.R2, Register.R6, sizeAt);
        Count(BypassRecord.IngressBytesAt, Register.R2);
        Count(BypassRecord.MessagesAt, 1);
        code.Return(Pass);
    }

    private void Count(int at, Operand count)
    {
        code.Load(OperandSize.DoubleWord, Register.R1, Register.R8, at);
        code.Add(Register.R1, count);
        code.Store(OperandSize.DoubleWord, Register.R8, at, Register.R1);
    }
}
