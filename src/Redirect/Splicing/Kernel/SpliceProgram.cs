using Sluice.Redirect.Bpf;
using Sluice.Redirect.Compilation.Kernel;

namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>
/// The verdict program of an offloaded stream (sk_skb, stream_verdict): redirects what arrives to the pair's other socket while
/// that socket has room, and gives the stream back to user space otherwise. docs/decisions/0012 has the protocol.
/// <code>
/// R6       the skb
/// R7       its length, trimmed
/// R8       the record of the socket it arrived at
/// R9       first its sequence number, then the state
/// R10-8    the cookie
/// R10-12   the record's index
/// R10-16   the index of the other socket
/// R10-24   the other socket
/// R10-32   the ring's event
/// R10-40   snd_una and write_seq of the other socket
/// R10-48   the length while old bytes are cut off, the state while rules run
/// R10-52   memory that the other socket's send queue has left
/// below    <see cref="VerdictFrame"/>
/// </code>
/// </summary>
internal sealed partial class SpliceProgram
{
    /// <summary>Skbs that may wait for one socket: each costs the kernel memory however short it is.</summary>
    private const int MaxWaitingBuffers = 1024;

    /// <summary>
    /// What a waiting skb costs in the send queue at most: four times its length, where the other end's window allows
    /// nothing but short segments, and 2 KiB.
    /// </summary>
    private const int LengthCostShift = 2;
    private const int BufferCostShift = 11;

    private const int Drop = 0;
    private const int Pass = 1;

    private const int LengthAt = 0; // struct __sk_buff, uapi/linux/bpf.h
    private const int SequenceAt = 48; // cb[0], which without a parser is TCP_SKB_CB(skb)->seq
    private const int SocketAt = 168;

    private const int CookieSlot = -8;
    private const int IndexSlot = -12;
    private const int OtherIndexSlot = -16;
    private const int OtherSocketSlot = -24;
    private const int EventSlot = -32;
    private const int UnacknowledgedSlot = -36;
    private const int WriteSequenceSlot = -40;
    private const int StateSlot = -48;
    private const int MemoryLeftSlot = -52;

    private readonly Assembler _code = new();
    private readonly TcpSockFields _fields;
    private readonly BpfPlan? _plan;
    private readonly Label _pass;
    private readonly Label _drop;
    private readonly Label _gap;
    private readonly Label _demote;

    private SpliceProgram(TcpSockFields fields, BpfPlan? plan)
    {
        (_fields, _plan) = (fields, plan);
        _pass = _code.NewLabel("pass");
        _drop = _code.NewLabel("drop");
        _gap = _code.NewLabel("gap");
        _demote = _code.NewLabel("demote");
    }

    /// <summary>The program for the running kernel's fields.</summary>
    /// <param name="fields">Where they are.</param>
    /// <param name="plan">What judges each skb before it is redirected; null: nothing does.</param>
    internal static ProgramImage Assemble(TcpSockFields fields, BpfPlan? plan) => new SpliceProgram(fields, plan).Assemble();

    private ProgramImage Assemble()
    {
        FindRecord();
        ContinueStream();
        PassInUserMode();
        if (_plan is not null)
            Judge(_plan);
        Redirect();

        _code.Mark(_demote);
        Count(OperandSize.DoubleWord, SpliceRecord.DemotionsAt);
        _code.And(Register.R9, ~1);
        AddTwice(Register.R9, Register.R7);
        _code.Atomic(AtomicOperation.Exchange, OperandSize.DoubleWord, Register.R8, SpliceRecord.StateAt, Register.R9);
        Tell(SpliceEvent.Demoted);
        _code.Mark(_pass);
        _code.Return(Pass);

        // All that follows is a gap as well: nothing behind the hole goes anywhere until user space has reset the pair.
        _code.Mark(_gap);
        Count(OperandSize.Word, SpliceRecord.GapsAt);
        Tell(SpliceEvent.Gap);
        _code.Mark(_drop);
        _code.Return(Drop);
        return _code.Build();
    }

    private void FindRecord()
    {
        _code.Move(Register.R6, Register.R1);
        _code.Load(OperandSize.Word, Register.R7, Register.R6, LengthAt);
        _code.Comment("a bare FIN: passed on behind waiting skbs it would break the socket with EPIPE");
        _code.JumpIf(Register.R7, Condition.Equal, 0, _drop);
        _code.Move(Register.R1, Register.R6);
        _code.Call(Helper.GetSocketCookie);
        _code.Store(OperandSize.DoubleWord, Register.R10, CookieSlot, Register.R0);
        _code.LookUp(SpliceMapNames.Slots, CookieSlot, _pass);
        _code.Load(OperandSize.Word, Register.R1, Register.R0, 0);
        _code.Store(OperandSize.Word, Register.R10, IndexSlot, Register.R1);
        _code.Xor(Register.R1, 1);
        _code.Store(OperandSize.Word, Register.R10, OtherIndexSlot, Register.R1);
        _code.LookUp(SpliceMapNames.Records, IndexSlot, _pass);
        _code.Move(Register.R8, Register.R0);
    }

    private void PassInUserMode()
    {
        Label redirect = _code.NewLabel("redirect");
        _code.Load(OperandSize.DoubleWord, Register.R9, Register.R8, SpliceRecord.StateAt);
        _code.JumpIf(Register.R9, Condition.BitsSet, 1, redirect);
        _code.Move(Register.R2, Register.R9);
        AddTwice(Register.R2, Register.R7);
        _code.Move(Register.R0, Register.R9);
        _code.Atomic(AtomicOperation.CompareExchange, OperandSize.DoubleWord, Register.R8, SpliceRecord.StateAt, Register.R2);
        _code.JumpIf(Register.R0, Condition.Equal, Register.R9, _pass);
        _code.Comment("user space has just given the stream to the kernel");
        _code.Move(Register.R9, Register.R0);
        _code.Mark(redirect);
    }

    private void Redirect()
    {
        Label converted = _code.NewLabel("is_tcp");
        Label hasBase = _code.NewLabel("has_base");
        Label waiting = _code.NewLabel("some_wait");
        _code.LookUp(SpliceMapNames.Sockets, OtherIndexSlot, _demote);
        _code.Store(OperandSize.DoubleWord, Register.R10, OtherSocketSlot, Register.R0);
        _code.Move(Register.R1, Register.R0);
        _code.Call(Helper.SkcToTcpSock);
        _code.JumpIf(Register.R0, Condition.NotEqual, 0, converted);
        Release();
        _code.Jump(_demote);

        _code.Mark(converted);
        _code.Load(OperandSize.Word, Register.R1, Register.R0, _fields.Unacknowledged);
        _code.Store(OperandSize.Word, Register.R10, UnacknowledgedSlot, Register.R1);
        _code.Load(OperandSize.Word, Register.R1, Register.R0, _fields.WriteSequence);
        _code.Store(OperandSize.Word, Register.R10, WriteSequenceSlot, Register.R1);
        _code.Load(OperandSize.Word, Register.R1, Register.R0, _fields.SendBuffer);
        _code.Load(OperandSize.Word, Register.R2, Register.R0, _fields.SendMemory);
        _code.Subtract32(Register.R1, Register.R2);
        _code.Store(OperandSize.Word, Register.R10, MemoryLeftSlot, Register.R1);
        Release();

        _code.Load(OperandSize.Word, Register.R1, Register.R10, UnacknowledgedSlot);
        _code.Load(OperandSize.Word, Register.R2, Register.R10, WriteSequenceSlot);
        _code.Load(OperandSize.Word, Register.R3, Register.R8, SpliceRecord.RedirectedAt); // the lower half
        _code.Load(OperandSize.Word, Register.R4, Register.R8, SpliceRecord.RebaseAt);
        _code.JumpIf(Register.R4, Condition.Equal, 0, hasBase);
        _code.Move32(Register.R4, Register.R2);
        _code.Subtract32(Register.R4, Register.R3);
        _code.Store(OperandSize.Word, Register.R8, SpliceRecord.WriteBaseAt, Register.R4);
        _code.StoreImmediate(OperandSize.Word, Register.R8, SpliceRecord.RebaseAt, 0);

        _code.Mark(hasBase);
        _code.Comment("R4: the write_seq that the other socket has once all waiting skbs are in");
        _code.Load(OperandSize.Word, Register.R4, Register.R8, SpliceRecord.WriteBaseAt);
        _code.Add32(Register.R4, Register.R3);
        _code.Load(OperandSize.Word, Register.R5, Register.R8, SpliceRecord.BuffersAt);
        _code.JumpIf32(Register.R4, Condition.NotEqual, Register.R2, waiting);
        _code.Store(OperandSize.Word, Register.R8, SpliceRecord.BufferBaseAt, Register.R5);

        _code.Mark(waiting);
        _code.Comment("R3: the bytes that wait, with this skb");
        _code.Move32(Register.R3, Register.R4);
        _code.Subtract32(Register.R3, Register.R2);
        _code.Add(Register.R3, Register.R7);
        _code.Subtract32(Register.R4, Register.R1);
        _code.Add(Register.R4, Register.R7);
        _code.Load(OperandSize.Word, Register.R0, Register.R8, SpliceRecord.WindowAt);
        _code.JumpIf(Register.R4, Condition.Above, Register.R0, _demote);
        _code.Load(OperandSize.Word, Register.R0, Register.R8, SpliceRecord.BufferBaseAt);
        _code.Subtract32(Register.R5, Register.R0);
        _code.JumpIf(Register.R5, Condition.AboveOrEqual, MaxWaitingBuffers, _demote);
        _code.Comment("what does not fit would wait for the reader, and whatever is passed to user space on that socket with it");
        _code.Add(Register.R5, 1);
        _code.ShiftLeft(Register.R5, BufferCostShift);
        _code.ShiftLeft(Register.R3, LengthCostShift);
        _code.Add(Register.R3, Register.R5);
        _code.Load(OperandSize.Word, Register.R0, Register.R10, MemoryLeftSlot);
        _code.JumpIf32(Register.R3, Condition.Greater, Register.R0, _demote);

        _code.Move(Register.R1, Register.R6);
        _code.LoadMap(Register.R2, SpliceMapNames.Sockets);
        _code.Load(OperandSize.Word, Register.R3, Register.R10, OtherIndexSlot);
        _code.Move(Register.R4, 0);
        _code.Call(Helper.SkRedirectMap);
        _code.JumpIf(Register.R0, Condition.NotEqual, Pass, _demote);
        _code.Load(OperandSize.DoubleWord, Register.R1, Register.R8, SpliceRecord.RedirectedAt);
        _code.Add(Register.R1, Register.R7);
        _code.Store(OperandSize.DoubleWord, Register.R8, SpliceRecord.RedirectedAt, Register.R1);
        Count(OperandSize.DoubleWord, SpliceRecord.BuffersAt);
        if (_plan is not null)
            Commit(_plan);
        _code.Return(Pass);
    }

    private void Release()
    {
        _code.Load(OperandSize.DoubleWord, Register.R1, Register.R10, OtherSocketSlot);
        _code.Call(Helper.SkRelease);
    }

    private void Tell(SpliceEvent what)
    {
        _code.Load(OperandSize.Word, Register.R1, Register.R10, IndexSlot);
        _code.Store(OperandSize.Word, Register.R10, EventSlot, Register.R1);
        _code.StoreImmediate(OperandSize.Word, Register.R10, EventSlot + sizeof(uint), (int)what);
        _code.LoadMap(Register.R1, SpliceMapNames.Events);
        _code.StackAddress(Register.R2, EventSlot);
        _code.Move(Register.R3, 2 * sizeof(uint));
        _code.Move(Register.R4, 0);
        _code.Call(Helper.RingbufOutput);
    }

    private void Count(OperandSize size, int at)
    {
        _code.Load(size, Register.R1, Register.R8, at);
        _code.Add(Register.R1, 1);
        _code.Store(size, Register.R8, at, Register.R1);
    }

    private void AddTwice(Register register, Register length)
    {
        _code.Add(register, length);
        _code.Add(register, length);
    }
}
