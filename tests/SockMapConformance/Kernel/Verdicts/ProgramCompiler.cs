using Sluice.Redirect.Bpf;
using Sluice.Redirect.Maps;
using static Sluice.Redirect.Bpf.OperandSize;
using static Sluice.Redirect.Bpf.Register;
using Compare = Sluice.Redirect.Bpf.Condition;

namespace Sluice.SockMapConformance.Behaviour;

/// <summary>
/// What the kernel runs for a <see cref="ProgramSpec"/>. It counts its runs, helpers that refuse, and bytes by what becomes of
/// them. R6 is the context, R7 the ledger's entry of the socket, R8 how many bytes the verdict is for.
/// </summary>
internal sealed class ProgramCompiler(AttachType slot, ParserSpec? parser, IReadOnlyDictionary<uint, End> ports)
{
    private const int SkDrop = 0;
    private const int SkPass = 1;
    private const int KeyAt = -64;
    private const int RefusedAt = 8;

    private readonly Assembler _a = new();
    private readonly bool _isMsg = slot == AttachType.SkMsgVerdict;
    private int _labels;

    private ContextLayout Layout => _isMsg ? ContextLayout.Msg : ContextLayout.Skb;

    public ProgramImage Compile(ProgramSpec program)
    {
        Label end = NewLabel("end");
        _a.Move(R6, R1);
        if (!_isMsg)
        {
            // The FIN of a stream without a parser: nothing to judge, and a redirect of it would break the socket it goes to.
            _a.Comment("a FIN");
            _a.Load(Word, R1, R6, Layout.Length);
            _a.JumpIf(R1, Compare.Equal, 0, end);
        }

        _a.CountRun();
        FindEntry(end);
        Chosen(program);
        _a.Mark(end);
        _a.Move(R0, SkDrop);
        _a.Exit();
        return _a.Build();
    }

    // The socket is known by its ports: sk_msg programs cannot ask for its cookie.
    private void FindEntry(Label end)
    {
        Label known = NewLabel("known");
        _a.Load(Word, R1, R6, Layout.LocalPort);
        _a.ShiftLeft(R1, 16);
        _a.Load(Word, R2, R6, Layout.RemotePort);
        _a.ShiftRight(R2, 16);
        _a.ToBigEndian(R2, 16);
        _a.Or(R1, R2);
        foreach ((uint both, End socket) in ports)
        {
            _a.Move(R2, Ledger.IndexOf(socket, sent: _isMsg));
            _a.JumpIf32(R1, Compare.Equal, unchecked((int)both), known);
        }

        _a.Move(R2, Ledger.Nobody);
        _a.Mark(known);
        _a.Store(Word, R10, -8, R2);
        _a.Move(R2, R10);
        _a.Add(R2, -8);
        _a.LoadMap(R1, ProgramMaps.Entries);
        _a.Call(Helper.MapLookupElem);
        _a.JumpIf(R0, Compare.Equal, 0, end);
        _a.Move(R7, R0);
    }

    private void Chosen(ProgramSpec program)
    {
        if (program.When is null)
        {
            Body(program);
            return;
        }

        Label otherwise = NewLabel("otherwise");
        JumpUnless(program.When, otherwise);
        Body(program);
        _a.Mark(otherwise);
        Chosen(program.Otherwise ?? ProgramSpec.Pass);
    }

    private void JumpUnless(Condition condition, Label otherwise)
    {
        if (condition.Field == Field.LocalPort)
        {
            _a.Load(Word, R1, R6, Layout.LocalPort);
        }
        else if (_isMsg)
        {
            _a.Load(DoubleWord, R2, R6, 0); // data
            _a.Load(DoubleWord, R3, R6, 8); // data_end
            _a.Move(R1, R2);
            _a.Add(R1, 1);
            _a.JumpIf(R1, Compare.Above, R3, otherwise);
            _a.Load(OperandSize.Byte, R1, R2, 0);
        }
        else
        {
            _a.Move(R1, R6);
            _a.Move(R2, 0);
            _a.Move(R3, R10);
            _a.Add(R3, -8);
            _a.Move(R4, 1);
            _a.Call(Helper.SkbLoadBytes);
            _a.JumpIf(R0, Compare.NotEqual, 0, otherwise);
            _a.Load(OperandSize.Byte, R1, R10, -8);
        }

        _a.JumpIf(R1, Compare.NotEqual, condition.Value, otherwise);
    }

    private void Body(ProgramSpec program)
    {
        Edit(Helper.MsgApplyBytes, program.Apply > 0, program.Apply);
        Edit(Helper.MsgCorkBytes, program.Cork > 0, program.Cork);
        Edit(Helper.MsgPullData, program.Pull.End > 0, program.Pull.Start, program.Pull.End, 0);
        Edit(Helper.MsgPushData, program.Push.Count > 0, program.Push.Start, program.Push.Count, 0);
        Edit(Helper.MsgPopData, program.Pop.Count > 0, program.Pop.Start, program.Pop.Count, 0);
        Measure(program);
        switch (program.Outcome)
        {
            case Outcome.Pass:
                Count(Fate.Passed);
                _a.Move(R0, SkPass);
                break;
            case Outcome.Drop:
                Count(Fate.Dropped);
                _a.Move(R0, SkDrop);
                break;
            default:
                Redirect(program);
                break;
        }

        _a.Exit();
    }

    private void Edit(Helper helper, bool isWanted, params ReadOnlySpan<int> arguments)
    {
        if (!isWanted)
            return;

        Label done = NewLabel("done");
        _a.Move(R1, R6);
        for (int i = 0; i < arguments.Length; i++)
            _a.Move((Register)((int)R2 + i), arguments[i]);
        _a.Call(helper);
        _a.JumpIf(R0, Compare.Equal, 0, done);
        _a.Move(R2, 1);
        _a.LoadMapValue(R1, ProgramMaps.Counters, RefusedAt);
        _a.Atomic(AtomicOperation.Add, DoubleWord, R1, 0, R2);
        _a.Mark(done);
    }

    // Behind a parser the skb may hold more than the message. A verdict that corks is none yet.
    private void Measure(ProgramSpec program)
    {
        if (parser is not null && !_isMsg)
        {
            _a.LoadMessageLength(parser, R8);
            return;
        }

        Label measured = NewLabel("measured");
        _a.Load(Word, R8, R6, Layout.Length);
        if (program.Cork > 0)
        {
            Label enough = NewLabel("enough");
            _a.JumpIf(R8, Compare.AboveOrEqual, program.Cork, enough);
            _a.Move(R8, 0);
            _a.Mark(enough);
        }

        if (program.Apply > 0)
        {
            _a.JumpIf(R8, Compare.BelowOrEqual, program.Apply, measured);
            _a.Move(R8, program.Apply);
        }

        _a.Mark(measured);
    }

    // What the helper returns is what the program returns.
    private void Redirect(ProgramSpec program)
    {
        Label failed = NewLabel("failed");
        Label counted = NewLabel("counted");
        int flags = program.Ingress ? 1 : 0;
        if (program.By == Lookup.Number)
        {
            _a.Move(R3, (int)program.To);
            _a.LoadMap(R2, ProgramMaps.Numbers);
            _a.Move(R1, R6);
            _a.Move(R4, flags);
            _a.Call(_isMsg ? Helper.MsgRedirectMap : Helper.SkRedirectMap);
        }
        else
        {
            BuildKey(isOwn: program.By == Lookup.OwnKey);
            _a.Move(R3, R10);
            _a.Add(R3, KeyAt);
            _a.LoadMap(R2, ProgramMaps.Tuples);
            _a.Move(R1, R6);
            _a.Move(R4, flags);
            _a.Call(_isMsg ? Helper.MsgRedirectHash : Helper.SkRedirectHash);
        }

        _a.JumpIf(R0, Compare.NotEqual, SkPass, failed);
        Count(program.Ingress ? Fate.Queued : Fate.SentOut);
        _a.Jump(counted);
        _a.Mark(failed);
        Count(Fate.Dropped);
        _a.Mark(counted);
    }

    // extract_socket_key: a SocketKey on the stack.
    private void BuildKey(bool isOwn)
    {
        for (int at = 0; at < 40; at += 8)
            _a.StoreImmediate(DoubleWord, R10, KeyAt + at, 0);
        foreach (int at in (int[])[10, 26])
            _a.StoreImmediate(OperandSize.Half, R10, KeyAt + at, 0xFFFF);
        _a.Load(Word, R1, R6, isOwn ? Layout.RemoteIp4 : Layout.LocalIp4);
        _a.Store(Word, R10, KeyAt + 12, R1);
        _a.Load(Word, R1, R6, isOwn ? Layout.LocalIp4 : Layout.RemoteIp4);
        _a.Store(Word, R10, KeyAt + 28, R1);
        _a.Load(Word, R1, R6, Layout.RemotePort);
        _a.ShiftRight(R1, 16);
        _a.Load(Word, R2, R6, Layout.LocalPort);
        _a.ToBigEndian(R2, 16);
        _a.Store(Word, R10, KeyAt + 32, isOwn ? R1 : R2);
        _a.Store(Word, R10, KeyAt + 36, isOwn ? R2 : R1);
    }

    // Leaves R0 alone.
    private void Count(Fate fate) => _a.Atomic(AtomicOperation.Add, DoubleWord, R7, sizeof(ulong) * (int)fate, R8);

    private Label NewLabel(string name) => _a.NewLabel($"{name}_{_labels++}");
}
