using System.Globalization;

namespace Sluice.Redirect.Bpf;

/// <summary>Arithmetic, loads and stores in the verifier's notation: r registers have 64 bits, w are their lower halves.</summary>
internal static class InstructionText
{
    internal static string Of(Instruction instruction) => (instruction.Opcode & Opcode.ClassMask) switch
    {
        Opcode.ClassLoad => Load(instruction),
        Opcode.ClassStoreImmediate or Opcode.ClassStore => Store(instruction),
        Opcode.ClassArithmetic32 => Arithmetic(instruction, 'w'),
        _ => Arithmetic(instruction, 'r'),
    };

    internal static string Name(Register register, char width = 'r') => string.Create(CultureInfo.InvariantCulture, $"{width}{(byte)register}");

    internal static string Source(Instruction instruction, char width) => (instruction.Opcode & Opcode.FromRegister) != 0
        ? Name(instruction.Source, width)
        : instruction.Immediate.ToString(CultureInfo.InvariantCulture);

    private static string Load(Instruction load)
    {
        char sign = (load.Opcode & Opcode.ModeMask) == Opcode.ModeSignedMemory ? 's' : 'u';
        return $"{Name(load.Destination)} = *{Place(load, load.Source, sign)}";
    }

    private static string Store(Instruction store)
    {
        string place = Place(store, store.Destination, 'u');
        if ((store.Opcode & Opcode.ClassMask) == Opcode.ClassStoreImmediate)
            return string.Create(CultureInfo.InvariantCulture, $"*{place} = {store.Immediate}");

        return (store.Opcode & Opcode.ModeMask) == Opcode.ModeAtomic ? Atomic(store, place) : $"*{place} = {Name(store.Source)}";
    }

    private static string Atomic(Instruction store, string place)
    {
        string source = Name(store.Source);
        return (AtomicOperation)store.Immediate switch
        {
            AtomicOperation.Add => $"lock *{place} += {source}",
            AtomicOperation.Or => $"lock *{place} |= {source}",
            AtomicOperation.And => $"lock *{place} &= {source}",
            AtomicOperation.Xor => $"lock *{place} ^= {source}",
            AtomicOperation.FetchAdd => $"{source} = atomic_fetch_add({place}, {source})",
            AtomicOperation.FetchOr => $"{source} = atomic_fetch_or({place}, {source})",
            AtomicOperation.FetchAnd => $"{source} = atomic_fetch_and({place}, {source})",
            AtomicOperation.FetchXor => $"{source} = atomic_fetch_xor({place}, {source})",
            AtomicOperation.Exchange => $"{source} = xchg({place}, {source})",
            _ => $"r0 = cmpxchg({place}, r0, {source})",
        };
    }

    private static string Place(Instruction instruction, Register address, char sign)
    {
        int bits = (OperandSize)(instruction.Opcode & Opcode.SizeMask) switch
        {
            OperandSize.Byte => 8,
            OperandSize.Half => 16,
            OperandSize.Word => 32,
            _ => 64,
        };
        return string.Create(CultureInfo.InvariantCulture, $"({sign}{bits} *)({Name(address)} {instruction.Offset:+0;-0;+0})");
    }

    private static string Arithmetic(Instruction instruction, char width)
    {
        string destination = Name(instruction.Destination, width);
        string source = Source(instruction, width);
        int operation = instruction.Opcode & Opcode.OperationMask;
        return operation switch
        {
            Opcode.Move => $"{destination} = {source}",
            Opcode.Negate => $"{destination} = -{destination}",
            Opcode.SwapBytes => Swap(instruction),
            _ => $"{destination} {Sign(operation)}= {source}",
        };
    }

    private static string Swap(Instruction swap)
    {
        string name = Name(swap.Destination);
        string order = swap.Opcode == Opcode.ToBigEndian ? "be" : "le";
        return string.Create(CultureInfo.InvariantCulture, $"{name} = {order}{swap.Immediate} {name}");
    }

    private static string Sign(int operation) => operation switch
    {
        Opcode.Add => "+",
        Opcode.Subtract => "-",
        Opcode.Multiply => "*",
        Opcode.Divide => "/",
        Opcode.Or => "|",
        Opcode.And => "&",
        Opcode.ShiftLeft => "<<",
        Opcode.ShiftRight => ">>",
        Opcode.Modulo => "%",
        Opcode.Xor => "^",
        _ => "s>>",
    };
}
