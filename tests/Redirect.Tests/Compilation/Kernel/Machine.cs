using System.Buffers.Binary;
using Sluice.Redirect.Bpf;

namespace Sluice.Redirect.Tests.Compilation.Kernel;

/// <summary>
/// An eBPF machine as RFC 9669 describes it, as far as plans use it: written for clarity, so that plans can be run by the
/// thousand and without rights. Memory is a set of regions; whatever is outside them ends the test.
/// </summary>
internal sealed class Machine(ulong[] code, Func<Machine, Helper, ulong> call)
{
    public const ulong Context = 0x1000_0000;
    public const ulong StackEnd = 0x2000_0200;
    private const int StackSize = 512;
    private const int MostSteps = 1_000_000;

    private readonly Dictionary<ulong, byte[]> _regions = new() { [StackEnd - StackSize] = new byte[StackSize] };
    private readonly ulong[] _registers = new ulong[11];

    public ulong this[int register] => _registers[register];

    public void AddRegion(ulong address, byte[] bytes) => _regions[address] = bytes;

    /// <summary>Runs from the first instruction on with R1 at the context, and gives R0.</summary>
    public ulong Run()
    {
        (_registers[1], _registers[10]) = (Context, StackEnd);
        int at = 0;
        for (int step = 0; step < MostSteps; step++)
        {
            ulong bits = code[at++];
            int opcode = (byte)bits;
            ref ulong destination = ref _registers[(bits >> 8) & 0xF];
            ulong source = _registers[(bits >> 12) & 0xF];
            short offset = (short)(bits >> 16);
            int immediate = (int)(bits >> 32);
            switch (opcode)
            {
                case 0x18:
                    destination = (uint)immediate | (code[at++] & 0xFFFF_FFFF_0000_0000);
                    continue;
                case 0x95:
                    return _registers[0];
                case 0x85:
                    _registers[0] = call(this, (Helper)immediate);
                    continue;
                case 0xDB when immediate == 0:
                    Write(destination + (ulong)offset, 8, Read(destination + (ulong)offset, 8) + source);
                    continue;
                case 0xDC:
                    destination = Swap(destination, immediate);
                    continue;
            }

            ulong operand = (opcode & 8) != 0 ? source : (ulong)(long)immediate;
            switch (opcode & 7)
            {
                case 1:
                    destination = Read(source + (ulong)offset, Size(opcode));
                    break;
                case 2:
                    Write(destination + (ulong)offset, Size(opcode), (ulong)(long)immediate);
                    break;
                case 3:
                    Write(destination + (ulong)offset, Size(opcode), source);
                    break;
                case 4:
                    destination = (uint)Compute(opcode & 0xF0, (uint)destination, (uint)operand, 31);
                    break;
                case 7:
                    destination = Compute(opcode & 0xF0, destination, operand, 63);
                    break;
                default:
                    at += Jumps(opcode & 0xF0, destination, operand) ? offset : 0;
                    break;
            }
        }

        throw new InvalidOperationException("The program does not come to an end");
    }

    public ulong Read(ulong address, int size)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        Bytes(address, size).CopyTo(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    public void Write(ulong address, int size, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        bytes[..size].CopyTo(Bytes(address, size));
    }

    public Span<byte> Bytes(ulong address, int size)
    {
        foreach ((ulong start, byte[] bytes) in _regions)
        {
            if (address >= start && address + (ulong)size <= start + (ulong)bytes.Length)
                return bytes.AsSpan((int)(address - start), size);
        }

        throw new InvalidOperationException($"{size} bytes at 0x{address:x} are nobody's");
    }

    private static int Size(int opcode) => (opcode & 0x18) switch
    {
        0x00 => 4,
        0x08 => 2,
        0x10 => 1,
        _ => 8,
    };

    private static ulong Swap(ulong value, int bits) => bits switch
    {
        16 => BinaryPrimitives.ReverseEndianness((ushort)value),
        32 => BinaryPrimitives.ReverseEndianness((uint)value),
        _ => BinaryPrimitives.ReverseEndianness(value),
    };

    private static ulong Compute(int operation, ulong left, ulong right, int mask) => operation switch
    {
        0x00 => left + right,
        0x10 => left - right,
        0x40 => left | right,
        0x50 => left & right,
        0x60 => left << ((int)right & mask),
        0x70 => left >> ((int)right & mask),
        0xA0 => left ^ right,
        0xB0 => right,
        _ => throw new InvalidOperationException($"No operation 0x{operation:x} is known"),
    };

    private static bool Jumps(int condition, ulong left, ulong right) => (Condition)condition switch
    {
        0 => true,
        Condition.Equal => left == right,
        Condition.NotEqual => left != right,
        Condition.Above => left > right,
        Condition.AboveOrEqual => left >= right,
        Condition.Below => left < right,
        Condition.BelowOrEqual => left <= right,
        Condition.BitsSet => (left & right) != 0,
        Condition.Less => (long)left < (long)right,
        _ => throw new InvalidOperationException($"No condition 0x{condition:x} is known"),
    };
}
