using Sluice.Redirect.Bpf;

namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>
/// Promotes one direction (SCHED_CLS, run by BPF_PROG_TEST_RUN on a <see cref="PromotionRequest"/>): finds the three sockets by
/// their addresses in the caller's network namespace, makes sure that they belong together and that the application can bear it, and puts
/// them into the maps. Its result is a <see cref="PromotionResult"/>. docs/decisions/0021 has the protocol.
/// <code>
/// R6          the skb
/// R7 R8 R9    the proxy's source, its sink, the sender: as found, then as struct tcp_sock
/// R10-160     the request
/// R10-168 ... the three as found, for what takes them so
/// R10-192     the result while sockets are released
/// R10-240     what will lie in the sender's socket, SenderLayout
/// </code>
/// </summary>
internal sealed class PromotionProgram
{
    /// <summary>Bytes of the Ethernet header that every packet has.</summary>
    internal const int HeaderSize = 14;

    private const int RequestSlot = -PromotionRequest.Size;
    private const int SourceSlot = RequestSlot - 8;
    private const int SinkSlot = SourceSlot - 8;
    private const int SenderSlot = SinkSlot - 8;
    private const int ResultSlot = SenderSlot - 8;
    private const int StorageSlot = ResultSlot - 8 - SenderLayout.Size;

    private const int CurrentNamespace = -1; // BPF_F_CURRENT_NETNS
    private const int CreateStorage = 1; // BPF_SK_STORAGE_GET_F_CREATE
    private const int NoExist = 1; // BPF_NOEXIST
    private const int Established = 1; // net/tcp_states.h
    private const int Listen = 10;

    private readonly Assembler _code = new();
    private readonly BypassFields _fields;
    private readonly Label _releaseAll;
    private readonly Dictionary<PromotionResult, Label> _refusals = [];

    private PromotionProgram(BypassFields fields) => (_fields, _releaseAll) = (fields, _code.NewLabel("release_all"));

    internal static ProgramImage Assemble(BypassFields fields) => new PromotionProgram(fields).Assemble();

    private ProgramImage Assemble()
    {
        Label noSource = _code.NewLabel("no_source"), noSink = _code.NewLabel("no_sink"), noSender = _code.NewLabel("no_sender");
        Label malformed = _code.NewLabel("malformed"), releaseTwo = _code.NewLabel("release_two"), releaseOne = _code.NewLabel("release_one");
        ReadRequest(malformed);
        Find(PromotionRequest.SourceAt, PromotionRequest.SourceTupleSizeAt, SourceSlot, noSource);
        Find(PromotionRequest.SinkAt, PromotionRequest.SinkTupleSizeAt, SinkSlot, noSink);
        Find(PromotionRequest.SenderAt, PromotionRequest.SourceTupleSizeAt, SenderSlot, noSender);
        Convert(SourceSlot, Register.R7);
        Convert(SinkSlot, Register.R8);
        Convert(SenderSlot, Register.R9);
        CheckIdentity();
        CheckSender();
        Insert();
        SetResult(PromotionResult.Promoted);
        _code.Jump(_releaseAll);

        foreach ((PromotionResult result, Label label) in _refusals)
        {
            _code.Mark(label);
            SetResult(result);
            _code.Jump(_releaseAll);
        }

        _code.Mark(noSender);
        SetResult(PromotionResult.Remote);
        _code.Jump(releaseTwo);
        _code.Mark(noSink);
        SetResult(PromotionResult.OwnSocket);
        _code.Jump(releaseOne);
        _code.Mark(_releaseAll);
        Release(SenderSlot);
        _code.Mark(releaseTwo);
        Release(SinkSlot);
        _code.Mark(releaseOne);
        Release(SourceSlot);
        _code.Load(OperandSize.Word, Register.R0, Register.R10, ResultSlot);
        _code.Exit();
        _code.Mark(noSource);
        _code.Return((int)PromotionResult.OwnSocket);
        _code.Mark(malformed);
        _code.Return((int)PromotionResult.Malformed);
        return _code.Build();
    }

    private void ReadRequest(Label malformed)
    {
        _code.Move(Register.R6, Register.R1);
        _code.Move(Register.R2, HeaderSize);
        _code.StackAddress(Register.R3, RequestSlot);
        _code.Move(Register.R4, PromotionRequest.Size);
        _code.Call(Helper.SkbLoadBytes);
        _code.JumpIf(Register.R0, Condition.NotEqual, 0, malformed);
        foreach (int at in (ReadOnlySpan<int>)[PromotionRequest.SourceTupleSizeAt, PromotionRequest.SinkTupleSizeAt])
        {
            _code.Load(OperandSize.Word, Register.R1, Register.R10, RequestSlot + at);
            _code.JumpIf(Register.R1, Condition.Above, Linux.SocketTuple.Size, malformed);
        }
    }

    private void Find(int tupleAt, int sizeAt, int slot, Label missing)
    {
        _code.Move(Register.R1, Register.R6);
        _code.StackAddress(Register.R2, RequestSlot + tupleAt);
        _code.Load(OperandSize.Word, Register.R3, Register.R10, RequestSlot + sizeAt);
        _code.And(Register.R3, 0x3F); // the verifier keeps no account of words on the stack
        _code.Move(Register.R4, CurrentNamespace);
        _code.Move(Register.R5, 0);
        _code.Call(Helper.SkLookupTcp);
        _code.JumpIf(Register.R0, Condition.Equal, 0, missing);
        _code.Store(OperandSize.DoubleWord, Register.R10, slot, Register.R0);
    }

    private void Convert(int slot, Register socket)
    {
        _code.Load(OperandSize.DoubleWord, Register.R1, Register.R10, slot);
        _code.Call(Helper.SkcToTcpSock);
        _code.JumpIf(Register.R0, Condition.Equal, 0, Refusal(PromotionResult.State));
        _code.Move(socket, Register.R0);
    }

    // The addresses are the same at both ends, but addresses are also translated, and used by several namespaces. So both directions'
    // sequence numbers must agree. What only grows is read before what it may not exceed.
    private void CheckIdentity()
    {
        Label ownSocket = Refusal(PromotionResult.OwnSocket);
        CompareCookie(Register.R7, PromotionRequest.SourceCookieAt, ownSocket);
        CompareCookie(Register.R8, PromotionRequest.SinkCookieAt, ownSocket);
        _code.Comment("where there is no connection the look-up finds who listens on the port, mostly this proxy itself");
        _code.Load(_fields, BypassField.State, Register.R1, Register.R9);
        _code.JumpIf(Register.R1, Condition.Equal, Listen, Refusal(PromotionResult.Remote));
        foreach (Register socket in (ReadOnlySpan<Register>)[Register.R7, Register.R8, Register.R9])
        {
            _code.Load(_fields, BypassField.State, Register.R1, socket);
            _code.JumpIf(Register.R1, Condition.NotEqual, Established, Refusal(PromotionResult.State));
            _code.JumpIfUpperLayer(_fields, socket, Refusal(PromotionResult.UpperLayer));
        }

        foreach ((Register from, Register to) in (ReadOnlySpan<(Register, Register)>)[(Register.R9, Register.R7), (Register.R7, Register.R9)])
        {
            _code.Comment("acknowledged ≤ arrived ≤ sent");
            _code.Load(_fields, BypassField.Unacknowledged, Register.R1, from);
            _code.Load(_fields, BypassField.NextSequence, Register.R2, to);
            _code.Load(_fields, BypassField.WriteSequence, Register.R3, from);
            _code.Subtract32(Register.R3, Register.R2);
            _code.Subtract32(Register.R2, Register.R1);
            _code.JumpIf32(Register.R2, Condition.Less, 0, Refusal(PromotionResult.Mismatch));
            _code.JumpIf32(Register.R3, Condition.Less, 0, Refusal(PromotionResult.Mismatch));
        }

        _code.Load(_fields, BypassField.CopiedSequence, Register.R1, Register.R7);
        _code.Load(_fields, BypassField.WriteSequence, Register.R2, Register.R9);
        _code.Subtract32(Register.R2, Register.R1);
        _code.JumpIf32(Register.R2, Condition.Less, 0, Refusal(PromotionResult.Mismatch));
    }

    private void CheckSender()
    {
        _code.JumpIfCompletions(_fields, Register.R9, Refusal(PromotionResult.Completions));
        _code.Load(_fields, BypassField.ReceiveLowWater, Register.R1, Register.R9);
        _code.JumpIf(Register.R1, Condition.Above, 1, Refusal(PromotionResult.LowWater));
        _code.JumpIfBlocking(_fields, Register.R9, Refusal(PromotionResult.Blocking));
    }

    private void Insert()
    {
        CopyToStorage(OperandSize.DoubleWord, PromotionRequest.KeyAt, SenderLayout.KeyAt);
        _code.Store(OperandSize.DoubleWord, Register.R10, StorageSlot + SenderLayout.SinkAt, Register.R8);
        CopyToStorage(OperandSize.DoubleWord, PromotionRequest.SinkCookieAt, SenderLayout.SinkCookieAt);
        CopyToStorage(OperandSize.Word, PromotionRequest.IndexAt, SenderLayout.IndexAt);
        CopyToStorage(OperandSize.Word, PromotionRequest.GenerationAt, SenderLayout.GenerationAt);
        _code.Load(_fields, BypassField.CopiedSequence, Register.R1, Register.R7);
        _code.Store(OperandSize.Word, Register.R10, StorageSlot + SenderLayout.WriteBaseAt, Register.R1);
        _code.Load(_fields, BypassField.WriteSequence, Register.R1, Register.R8);
        _code.Store(OperandSize.Word, Register.R10, StorageSlot + SenderLayout.SinkBaseAt, Register.R1);

        _code.Comment("a socket sends in one direction of one connection: a record that is there is somebody else's");
        GetStorage(hasValue: false);
        _code.JumpIf(Register.R0, Condition.NotEqual, 0, Refusal(PromotionResult.Storage));
        GetStorage(hasValue: true);
        _code.JumpIf(Register.R0, Condition.Equal, 0, Refusal(PromotionResult.Storage));
        _code.LookUp(BypassMapNames.Records, RequestSlot + PromotionRequest.IndexAt, Refusal(PromotionResult.Storage));
        _code.Store(OperandSize.DoubleWord, Register.R0, BypassRecord.SocketAt, Register.R9);
        Update(BypassMapNames.Sinks, SinkSlot, PromotionResult.Sink);
        Update(BypassMapNames.Senders, SenderSlot, PromotionResult.Sender);
    }

    private void CopyToStorage(OperandSize size, int requestAt, int storageAt)
    {
        _code.Load(size, Register.R1, Register.R10, RequestSlot + requestAt);
        _code.Store(size, Register.R10, StorageSlot + storageAt, Register.R1);
    }

    private void GetStorage(bool hasValue)
    {
        _code.LoadMap(Register.R1, BypassMapNames.Storage);
        _code.Load(OperandSize.DoubleWord, Register.R2, Register.R10, SenderSlot);
        if (hasValue)
            _code.StackAddress(Register.R3, StorageSlot);
        else
            _code.Move(Register.R3, 0);
        _code.Move(Register.R4, hasValue ? CreateStorage : 0);
        _code.Call(Helper.SkStorageGet);
    }

    private void Update(MapReference map, int socketSlot, PromotionResult refusal)
    {
        _code.LoadMap(Register.R1, map);
        _code.StackAddress(Register.R2, RequestSlot + PromotionRequest.KeyAt);
        _code.Load(OperandSize.DoubleWord, Register.R3, Register.R10, socketSlot);
        _code.Move(Register.R4, NoExist);
        _code.Call(Helper.MapUpdateElem);
        _code.JumpIf(Register.R0, Condition.NotEqual, 0, Refusal(refusal));
    }

    private void CompareCookie(Register socket, int cookieAt, Label differs)
    {
        _code.Load(_fields, BypassField.Cookie, Register.R1, socket);
        _code.Load(OperandSize.DoubleWord, Register.R2, Register.R10, RequestSlot + cookieAt);
        _code.JumpIf(Register.R1, Condition.NotEqual, Register.R2, differs);
    }

    private Label Refusal(PromotionResult result)
    {
        if (!_refusals.TryGetValue(result, out Label? label))
            _refusals.Add(result, label = _code.NewLabel($"refused_{result.ToString().ToLowerInvariant()}"));
        return label;
    }

    private void SetResult(PromotionResult result) => _code.StoreImmediate(OperandSize.Word, Register.R10, ResultSlot, (int)result);

    private void Release(int slot)
    {
        _code.Load(OperandSize.DoubleWord, Register.R1, Register.R10, slot);
        _code.Call(Helper.SkRelease);
    }
}
