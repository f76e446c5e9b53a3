using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Sluice.Redirect.Bpf;
using Sluice.Redirect.Compilation.Kernel;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Compilation.Kernel;

/// <summary>A plan's program on <see cref="Machine"/>, with the helpers it calls and the maps it has.</summary>
internal sealed class SimulatedProgram
{
    private const ulong StateValue = 0x3000_0000;
    private const ulong CountValues = 0x3100_0000;
    private const ulong TrieValue = 0x3200_0000;
    private const ulong Data = 0x4000_0000;
    // Descriptors of the maps; tries follow.
    private const int StateMap = 1;
    private const int CountsMap = 2;

    private readonly ulong[] _code;
    private readonly BpfPlan _plan;
    private readonly BpfProgramKind _kind;
    private readonly byte[] _context;
    private readonly byte[] _state = new byte[PlanProgram.StateSize];
    private readonly byte[] _counts;
    private byte[] _message = [];
    private byte[] _pulled = [];
    private int _pulledAt;

    public SimulatedProgram(BpfPlan plan, BpfProgramKind kind, MessageContext context)
    {
        (_plan, _kind) = (plan, kind);
        _counts = new byte[8 * plan.CountEntries];
        _code = PlanProgram.Of(plan, kind).Resolve(MapOf);
        // A program reads the value's address where the loader put the descriptor.
        for (int i = 0; i < _code.Length; i++)
        {
            if ((_code[i] & 0xF0FF) == 0x2018)
                _code[i] = (_code[i] & 0xFFFF_FFFF) | (StateValue << 32);
        }

        _context = ContextOf(context, kind);
    }

    public ulong Window
    {
        get => Slot(0);
        set => BinaryPrimitives.WriteUInt64LittleEndian(_state, value);
    }

    public long Rule => (long)Slot(16);

    /// <summary>Of sk_msg: for how many bytes it decided.</summary>
    public int Taken => (int)Slot(24);

    /// <summary>Of sk_msg: what became of the message.</summary>
    public byte[] Message => _message;

    /// <summary>Of sk_msg: for how many bytes of that the verdict is, 0 for all.</summary>
    public int Applied { get; private set; }

    public ulong[] Counts() => [.. Enumerable.Range(0, _plan.CountEntries).Select(i => BinaryPrimitives.ReadUInt64LittleEndian(_counts.AsSpan(8 * i)))];

    public int Run(byte[] message, long streamOffset)
    {
        (_message, _pulled, Applied) = (message, [], 0);
        BinaryPrimitives.WriteInt64LittleEndian(_state.AsSpan(8), streamOffset);
        BinaryPrimitives.WriteInt32LittleEndian(_context.AsSpan(_kind == BpfProgramKind.SkSkb ? 0 : 68), message.Length);
        var machine = new Machine(_code, Call);
        machine.AddRegion(Machine.Context, _context);
        machine.AddRegion(StateValue, _state);
        machine.AddRegion(CountValues, _counts);
        machine.AddRegion(TrieValue, new byte[4]);
        int result = (int)machine.Run();
        Settle();
        return result;
    }

    private ulong Call(Machine machine, Helper helper)
    {
        switch (helper)
        {
            case Helper.SkbLoadBytes:
                Assert.Equal(Machine.Context, machine[1]);
                return Copy(machine, machine[3], (int)machine[2], (int)machine[4]);
            case Helper.MsgPullData:
                Pull(machine);
                return 0;
            case Helper.MsgApplyBytes:
                Applied = (int)machine[2];
                return 0;
            case Helper.MsgPushData:
                Assert.True(machine[2] <= (ulong)_message.Length && machine[3] > 0 && machine[4] == 0);
                Settle();
                Change(machine, [.. _message[..(int)machine[2]], .. Enumerable.Repeat((byte)'?', (int)machine[3]), .. _message[(int)machine[2]..]]);
                return 0;
            case Helper.MsgPopData:
                Assert.True(machine[3] > 0 && machine[2] + machine[3] <= (ulong)_message.Length && machine[4] == 0);
                Settle();
                Change(machine, [.. _message[..(int)machine[2]], .. _message[(int)(machine[2] + machine[3])..]]);
                return 0;
            case Helper.ProbeReadKernel:
                machine.Bytes(machine[3], (int)machine[2]).CopyTo(machine.Bytes(machine[1], (int)machine[2]));
                return 0;
            case Helper.MapLookupElem when machine[1] == CountsMap:
                return CountValues + (8 * machine.Read(machine[2], 4));
            case Helper.MapLookupElem:
                return Contains(_plan.AddressTries[(int)machine[1] - CountsMap - 1], machine.Bytes(machine[2], AddressTrie.KeySize)) ? TrieValue : 0;
            default:
                throw new InvalidOperationException($"{helper} is not known here");
        }
    }

    // What is written there is written to the message, and lost to the machine once the message has changed.
    private void Pull(Machine machine)
    {
        Assert.True(machine[2] < machine[3] && machine[3] <= (ulong)_message.Length && machine[4] == 0);
        Settle();
        (_pulled, _pulledAt) = (_message[(int)machine[2]..(int)machine[3]], (int)machine[2]);
        machine.AddRegion(Data, _pulled);
        BinaryPrimitives.WriteUInt64LittleEndian(_context, Data);
        BinaryPrimitives.WriteUInt64LittleEndian(_context.AsSpan(8), Data + (ulong)_pulled.Length);
    }

    private void Change(Machine machine, byte[] message)
    {
        machine.AddRegion(Data, []);
        _message = message;
        BinaryPrimitives.WriteInt32LittleEndian(_context.AsSpan(68), message.Length);
    }

    private void Settle()
    {
        if (_pulled.Length == 0)
            return;

        // Not in place: the message is the test's.
        _message = [.. _message[.._pulledAt], .. _pulled, .. _message[(_pulledAt + _pulled.Length)..]];
        _pulled = [];
    }

    private ulong Copy(Machine machine, ulong to, int offset, int count)
    {
        Assert.InRange(count, 1, _message.Length - offset);
        _message.AsSpan(offset, count).CopyTo(machine.Bytes(to, count));
        return 0;
    }

    private static bool Contains(AddressTrie trie, ReadOnlySpan<byte> key)
    {
        UInt128 address = BinaryPrimitives.ReadUInt128BigEndian(key[4..]);
        return trie.Keys.Any(entry =>
        {
            int free = 128 - BinaryPrimitives.ReadInt32LittleEndian(entry.AsSpan());
            UInt128 prefix = BinaryPrimitives.ReadUInt128BigEndian(entry.AsSpan()[4..]);
            return free == 128 || prefix >> free == address >> free;
        });
    }

    private int MapOf(string name)
    {
        if (name == PlanProgram.State.Name)
            return StateMap;

        return name == _plan.Counts.Name ? CountsMap : CountsMap + 1 + _plan.AddressTries.Select(trie => trie.Map.Name).ToList().IndexOf(name);
    }

    private ulong Slot(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(_state.AsSpan(offset));

    // As the kernel shows a socket: the remote port in network order in the upper half of its word.
    private static byte[] ContextOf(MessageContext context, BpfProgramKind kind)
    {
        byte[] bytes = new byte[200];
        int at = kind == BpfProgramKind.SkSkb ? 88 : 16;
        bool isIPv4 = context.Family == AddressFamily.InterNetwork;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), isIPv4 ? 2 : 10);
        Write(context.Key.Remote.Address, at + 4, at + 12);
        Write(context.Key.Local.Address, at + 8, at + 28);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at + 46), context.Key.RemotePort);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at + 48), context.Key.LocalPort);
        return bytes;

        void Write(IPAddress address, int four, int sixteen) =>
            (isIPv4 ? address.MapToIPv4() : address.MapToIPv6()).GetAddressBytes().CopyTo(bytes.AsSpan(isIPv4 ? four : sixteen));
    }
}
