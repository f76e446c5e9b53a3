namespace Sluice.Redirect.Bpf;

public sealed partial class Assembler
{
    /// <summary>destination = what is at address + offset; the bits above its size become 0.</summary>
    public void Load(OperandSize size, Register destination, Register address, int offset) =>
        Emit(Opcode.ClassLoad | Opcode.ModeMemory | (byte)size, destination, address, offset);

    /// <summary>destination = the signed number at address + offset, of 1, 2 or 4 bytes. Linux 6.6; the verifier refuses it for the context.</summary>
    public void LoadSigned(OperandSize size, Register destination, Register address, int offset)
    {
        if (size == OperandSize.DoubleWord)
            throw new ArgumentOutOfRangeException(nameof(size), size, "Eight bytes have no sign to extend");

        Emit(Opcode.ClassLoad | Opcode.ModeSignedMemory | (byte)size, destination, address, offset);
    }

    /// <summary>Puts the lower bytes of a register at address + offset.</summary>
    public void Store(OperandSize size, Register address, int offset, Register source) =>
        Emit(Opcode.ClassStore | Opcode.ModeMemory | (byte)size, address, source, offset);

    /// <summary>Puts a number at address + offset; eight bytes are it with its sign.</summary>
    public void StoreImmediate(OperandSize size, Register address, int offset, int number) =>
        Emit(Opcode.ClassStoreImmediate | Opcode.ModeMemory | (byte)size, address, default, offset, number);

    /// <summary>
    /// Changes 4 or 8 bytes at address + offset in one step. With fetch, and for exchanges, it is fully ordered; else
    /// relaxed. All but Add without fetch take Linux 5.12.
    /// </summary>
    public void Atomic(AtomicOperation operation, OperandSize size, Register address, int offset, Register source)
    {
        if (size is not (OperandSize.Word or OperandSize.DoubleWord))
            throw new ArgumentOutOfRangeException(nameof(size), size, "Atomic operations are of 4 or 8 bytes");

        Emit(Opcode.ClassStore | Opcode.ModeAtomic | (byte)size, address, source, offset, (int)operation);
    }

    /// <summary>destination = a map, as helpers take it. Counts as two instructions.</summary>
    public void LoadMap(Register destination, MapReference map) => Relocated(destination, map, Opcode.IsMap, 0);

    /// <summary>
    /// destination = the address of a byte in the only value of an array map (BPF_PSEUDO_MAP_VALUE): no look-up and no test for
    /// null. Counts as two instructions.
    /// </summary>
    public void LoadMapValue(Register destination, MapReference map, int offset) => Relocated(destination, map, Opcode.IsMapValue, offset);

    private void Relocated(Register destination, MapReference map, Register kind, int offset)
    {
        _relocations.Add(new Relocation(Count, map.Name));
        Wide(destination, kind, 0, offset);
    }
}
