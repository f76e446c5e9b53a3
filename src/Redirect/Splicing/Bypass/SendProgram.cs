using Sluice.Redirect.Bpf;
using Sluice.Redirect.Compilation.Kernel;

namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>
/// What an application's send runs (sk_msg): puts the bytes into the send queue of the proxy's socket to the receiver, where nothing stands
/// against it, and else lets them go to the proxy as ever. docs/decisions/0021 has the protocol.
/// <code>
/// R6      the message
/// R7      what lies in the sender's socket, SenderLayout
/// R8      the direction's record
/// R9      the sender, then the sink
/// R10-8   the record's index
/// R10-16  the direction's key
/// R10-24  what the kernel says of its memory
/// R10-28  bytes that the sender's own TCP has taken since the promotion
/// R10-32  the sink's write_seq: before the message where rules judge, else where bytes go into the receiver's own queue
/// below   where rules judge, <see cref="VerdictFrame"/>
/// </code>
/// It never returns SK_DROP, which would end the socket.
/// </summary>
internal sealed partial class SendProgram
{
    private const int Pass = 1;

    private const int SizeAt = 68; // struct sk_msg_md, uapi/linux/bpf.h
    private const int SocketAt = 72;

    private const int Established = 1; // net/tcp_states.h
    private const int CloseWait = 8;
    private const int SendShutdown = 2;
    private const int PsockPointer = ~7; // SK_USER_DATA_PTRMASK, net/sock.h

    /// <summary>Room that is asked for besides twice the message: what small segments take of a send queue is more than their bytes.</summary>
    private const int Margin = 8192;

    private const int IndexSlot = -8;
    private const int KeySlot = -16;
    private const int PressureSlot = -24;
    private const int SentSlot = -28;
    private const int SequenceSlot = -32;

    private readonly Assembler _code = new();
    private readonly BypassFields _fields;
    private readonly BpfPlan? _plan;
    private readonly Label _pass;
    private readonly Dictionary<BypassPass, Label> _passFor = [];

    private SendProgram(BypassFields fields, BpfPlan? plan)
    {
        (_fields, _plan) = (fields, plan);
        _pass = _code.NewLabel("pass");
        foreach (BypassPass reason in Enum.GetValues<BypassPass>())
            _passFor.Add(reason, _code.NewLabel($"pass_for_{reason.ToString().ToLowerInvariant()}"));
    }

    /// <summary>The program for the running kernel's fields.</summary>
    /// <param name="fields">Where they are.</param>
    /// <param name="plan">What judges each message before it is redirected; null: nothing does.</param>
    internal static ProgramImage Assemble(BypassFields fields, BpfPlan? plan) => new SendProgram(fields, plan).Assemble();

    private ProgramImage Assemble()
    {
        FindRecord();
        LookAtSender();
        LookAtSink();
        if (_plan is null)
            Redirect();
        else
            Judge(_plan);
        foreach ((BypassPass reason, Label label) in _passFor)
        {
            _code.Mark(label);
            Count(BypassRecord.CountAt(reason), 1);
            _code.Jump(_pass);
        }

        _code.Mark(_pass);
        _code.Return(Pass);
        return _code.Build();
    }

    private void FindRecord()
    {
        _code.Move(Register.R6, Register.R1);
        _code.LoadMap(Register.R1, BypassMapNames.Storage);
        _code.Load(OperandSize.DoubleWord, Register.R2, Register.R6, SocketAt);
        _code.Move(Register.R3, 0);
        _code.Move(Register.R4, 0);
        _code.Call(Helper.SkStorageGet);
        _code.JumpIf(Register.R0, Condition.Equal, 0, _pass);
        _code.Move(Register.R7, Register.R0);
        _code.Load(OperandSize.Word, Register.R1, Register.R7, SenderLayout.IndexAt);
        _code.Store(OperandSize.Word, Register.R10, IndexSlot, Register.R1);
        _code.LookUp(BypassMapNames.Records, IndexSlot, _pass);
        _code.Move(Register.R8, Register.R0);
        _code.Load(OperandSize.Word, Register.R1, Register.R8, BypassRecord.GenerationAt);
        _code.Load(OperandSize.Word, Register.R2, Register.R7, SenderLayout.GenerationAt);
        _code.JumpIf(Register.R1, Condition.NotEqual, Register.R2, _pass);
    }

    private void LookAtSender()
    {
        Label isBlocking = _code.NewLabel("is_blocking");
        Label goesOn = _code.NewLabel("sender_is_ready");
        _code.Load(OperandSize.DoubleWord, Register.R1, Register.R6, SocketAt);
        _code.Call(Helper.SkcToTcpSock);
        _code.JumpIf(Register.R0, Condition.Equal, 0, _pass);
        _code.Move(Register.R9, Register.R0);
        _code.Load(_fields, BypassField.WriteSequence, Register.R1, Register.R9);
        _code.Load(OperandSize.Word, Register.R2, Register.R7, SenderLayout.WriteBaseAt);
        _code.Subtract32(Register.R1, Register.R2);
        _code.Store(OperandSize.Word, Register.R10, SentSlot, Register.R1);
        JumpUnlessSending(_passFor[BypassPass.Sender]);
        _code.JumpIfUpperLayer(_fields, Register.R9, _passFor[BypassPass.Sender]);
        _code.JumpIfCompletions(_fields, Register.R9, _passFor[BypassPass.Sender]);
        _code.JumpIfBlocking(_fields, Register.R9, isBlocking);
        _code.Jump(goesOn);

        _code.Mark(isBlocking);
        _code.StoreImmediate(OperandSize.Word, Register.R8, BypassRecord.IsBlockingAt, 1);
        _code.Jump(_passFor[BypassPass.Sender]);
        _code.Mark(goesOn);
    }

    private void LookAtSink()
    {
        Label passForSink = _passFor[BypassPass.Sink];
        _code.Load(OperandSize.DoubleWord, Register.R1, Register.R7, SenderLayout.SinkAt);
        _code.MoveWide(Register.R2, (ulong)_fields.TcpSock);
        _code.CallKernelFunction(_fields.ReadOnlyCast);
        _code.Move(Register.R9, Register.R0);
        _code.Comment("the address may be another socket's by now, or nobody's");
        _code.Load(_fields, BypassField.Cookie, Register.R1, Register.R9);
        _code.Load(OperandSize.DoubleWord, Register.R2, Register.R7, SenderLayout.SinkCookieAt);
        _code.JumpIf(Register.R1, Condition.NotEqual, Register.R2, passForSink);
        if (_plan is null)
            KeepOrder();
        else
            KeepTurn();
        JumpUnlessSending(passForSink);
        _code.Load(_fields, BypassField.Error, Register.R1, Register.R9);
        _code.JumpIf(Register.R1, Condition.NotEqual, 0, passForSink);

        if (_plan is null)
            EndIfIngress();
        _code.Comment("a send that finds the queue full would end with EAGAIN, and nothing would tell the sender of room");
        _code.Load(_fields, BypassField.SendMemory, Register.R1, Register.R9);
        _code.Load(OperandSize.Word, Register.R2, Register.R6, SizeAt);
        _code.ShiftLeft(Register.R2, 1);
        _code.Add(Register.R1, Register.R2);
        _code.Add(Register.R1, _plan is null ? Margin : Margin + MostInserted);
        _code.Load(_fields, BypassField.SendBuffer, Register.R2, Register.R9);
        _code.JumpIf(Register.R1, Condition.Above, Register.R2, _passFor[BypassPass.Room]);

        Label isFree = _code.NewLabel("memory_is_free");
        _code.Load(_fields, BypassField.Protocol, Register.R1, Register.R9);
        _code.JumpIf(Register.R1, Condition.Equal, 0, passForSink);
        _code.Load(_fields, BypassField.MemoryPressure, Register.R3, Register.R1);
        _code.JumpIf(Register.R3, Condition.Equal, 0, isFree);
        _code.StackAddress(Register.R1, PressureSlot);
        _code.Move(Register.R2, sizeof(ulong));
        _code.Call(Helper.ProbeReadKernel);
        _code.JumpIf(Register.R0, Condition.NotEqual, 0, _passFor[BypassPass.Memory]);
        _code.Load(OperandSize.DoubleWord, Register.R1, Register.R10, PressureSlot);
        _code.JumpIf(Register.R1, Condition.NotEqual, 0, _passFor[BypassPass.Memory]);
        _code.Mark(isFree);
    }

    // What rules judge never goes into the receiver's own queue.
    private void EndIfIngress()
    {
        Label isEgress = _code.NewLabel("is_egress");
        _code.Load(OperandSize.Word, Register.R1, Register.R8, BypassRecord.IsIngressAt);
        _code.JumpIf(Register.R1, Condition.Equal, 0, isEgress);
        new IngressCode(_code, _fields, _passFor).Emit(IndexSlot, KeySlot, SequenceSlot, SizeAt);
        _code.Mark(isEgress);
    }

    // All that the sender's own TCP ever took must be in the sink's send queue. The sink's TCP tells: what it took and we did not send there
    // came by the proxy. The proxy tells as well, a moment later, and also where a redirected send found no room for all that was counted.
    private void KeepOrder()
    {
        Label isOrdered = _code.NewLabel("is_ordered");
        _code.Load(OperandSize.Word, Register.R1, Register.R10, SentSlot);
        _code.Load(_fields, BypassField.WriteSequence, Register.R2, Register.R9);
        _code.Load(OperandSize.Word, Register.R3, Register.R7, SenderLayout.SinkBaseAt);
        _code.Subtract32(Register.R2, Register.R3);
        _code.Load(OperandSize.Word, Register.R3, Register.R8, BypassRecord.RedirectedAt);
        _code.Subtract32(Register.R2, Register.R3);
        _code.JumpIf32(Register.R1, Condition.Equal, Register.R2, isOrdered);
        _code.Load(OperandSize.Word, Register.R2, Register.R8, BypassRecord.ForwardedAt);
        _code.JumpIf32(Register.R1, Condition.NotEqual, Register.R2, _passFor[BypassPass.Order]);
        NoteShortfall(isOrdered);
        _code.Mark(isOrdered);
    }

    // The sink's TCP has less than was counted: user space must know whether to go by TCP or by the count.
    private void NoteShortfall(Label goesOn)
    {
        Label isPush = _code.NewLabel("is_push");
        _code.Load(OperandSize.Word, Register.R1, Register.R8, BypassRecord.ShortfallAt);
        _code.JumpIf(Register.R1, Condition.Equal, (int)Shortfall.Chain, goesOn);
        _code.Load(_fields, BypassField.UserData, Register.R1, Register.R9);
        _code.And(Register.R1, PsockPointer);
        _code.MoveWide(Register.R2, (ulong)_fields.Psock);
        _code.CallKernelFunction(_fields.ReadOnlyCast);
        _code.Load(_fields, BypassField.SendProgram, Register.R1, Register.R0);
        _code.JumpIf(Register.R1, Condition.Equal, 0, isPush);
        _code.StoreImmediate(OperandSize.Word, Register.R8, BypassRecord.ShortfallAt, (int)Shortfall.Chain);
        _code.Jump(goesOn);
        _code.Mark(isPush);
        _code.StoreImmediate(OperandSize.Word, Register.R8, BypassRecord.ShortfallAt, (int)Shortfall.Push);
    }

    // Bytes may go out of the socket in R9: FIN has not been sent, and the connection is there.
    private void JumpUnlessSending(Label label)
    {
        Label isUp = _code.NewLabel("is_up");
        _code.Load(_fields, BypassField.State, Register.R1, Register.R9);
        _code.JumpIf(Register.R1, Condition.Equal, Established, isUp);
        _code.JumpIf(Register.R1, Condition.NotEqual, CloseWait, label);
        _code.Mark(isUp);
        _code.Load(_fields, BypassField.Shutdown, Register.R1, Register.R9);
        _code.And(Register.R1, SendShutdown);
        _code.JumpIf(Register.R1, Condition.NotEqual, 0, label);
    }

    private void Redirect()
    {
        KeepKey();
        RedirectTo(BypassMapNames.Sinks);
        _code.JumpIf(Register.R0, Condition.NotEqual, Pass, _passFor[BypassPass.Sink]);
        CountRedirected();
        _code.Return(Pass);
    }

    private void KeepKey()
    {
        _code.Load(OperandSize.DoubleWord, Register.R1, Register.R7, SenderLayout.KeyAt);
        _code.Store(OperandSize.DoubleWord, Register.R10, KeySlot, Register.R1);
    }

    private void RedirectTo(MapReference sockets)
    {
        _code.Move(Register.R1, Register.R6);
        _code.LoadMap(Register.R2, sockets);
        _code.StackAddress(Register.R3, KeySlot);
        _code.Move(Register.R4, 0);
        _code.Call(Helper.MsgRedirectHash);
    }

    private void CountRedirected()
    {
        _code.Load(OperandSize.Word, Register.R2, Register.R6, SizeAt);
        Count(BypassRecord.RedirectedAt, Register.R2);
        Count(BypassRecord.MessagesAt, 1);
    }

    private void Count(int at, Operand count)
    {
        _code.Load(OperandSize.DoubleWord, Register.R1, Register.R8, at);
        _code.Add(Register.R1, count);
        _code.Store(OperandSize.DoubleWord, Register.R8, at, Register.R1);
    }
}
