namespace Sluice.Redirect.Bpf;

/// <summary>
/// Writes an eBPF program, an instruction for each call, in their order. It touches no kernel: maps are names until the
/// program is loaded. Programs keep to these conventions, the first five of which are the machine's:
/// <code>
/// R0      result of a call, and of the program
/// R1-R5   arguments of a call, which leaves them without a value; R1 is the context when the program begins
/// R6-R9   kept across calls
/// R10     end of the stack: 512 bytes from R10-512 to R10-1, no value in them before one is stored
/// stack   slots are aligned to their size
/// R6      the context, for the whole program
/// </code>
/// Wrong use throws: a label that is marked twice or never, or by another assembler, an offset that does not fit an
/// instruction. What the kernel's verifier would refuse for other reasons is written as it is told. One thread only.
/// </summary>
public sealed partial class Assembler
{
    private readonly List<Instruction> _instructions = [];
    private readonly List<Relocation> _relocations = [];
    private readonly List<(int Instruction, Label Label)> _jumps = [];
    private readonly List<Annotation> _annotations = [];

    /// <summary>How many instructions there are; a wide load counts as two, as it does for the verifier.</summary>
    public int Count => _instructions.Count;

    /// <summary>A label that is to be marked once.</summary>
    public Label NewLabel(string name) => new(this, name);

    /// <summary>The label is here, before the next instruction.</summary>
    public void Mark(Label label)
    {
        CheckOwner(label);
        if (label.Position >= 0)
            throw new InvalidOperationException($"Label {label.Name} is marked at instruction {label.Position} and again at {Count}");

        label.Position = Count;
        _annotations.Add(new Annotation(Count, label.Name, IsLabel: true));
    }

    /// <summary>Shown in the listing before the next instruction.</summary>
    public void Comment(string text) => _annotations.Add(new Annotation(Count, text, IsLabel: false));

    /// <summary>
    /// The program. What no instruction leads to is left out, as the verifier refuses it. <see cref="InvalidOperationException"/>
    /// when a label that is jumped to is not marked, or is too far for a conditional jump: 32767 instructions. A jump without
    /// condition reaches any distance; beyond that one it takes Linux 6.6.
    /// </summary>
    public ProgramImage Build()
    {
        Dictionary<int, Label> jumps = [];
        foreach ((int at, Label label) in _jumps)
        {
            if (label.Position < 0)
                throw new InvalidOperationException($"Label {label.Name} is jumped to at instruction {at} and never marked");

            jumps.Add(at, label);
        }

        var reached = Reachability.Of(_instructions, jumps);
        List<ulong> code = [];
        for (int at = 0; at < Count; at++)
        {
            if (!reached.Has(at))
                continue;

            Instruction instruction = jumps.TryGetValue(at, out Label? label)
                ? Aim(_instructions[at], reached.PlaceOf(at), label, reached.PlaceOf(label.Position))
                : _instructions[at];
            code.Add(instruction.Encode());
        }

        return new ProgramImage(
            [.. code],
            [.. _relocations.Where(relocation => reached.Has(relocation.Instruction)).Select(relocation => relocation with { Instruction = reached.PlaceOf(relocation.Instruction) })],
            [.. _annotations.Where(annotation => reached.Has(annotation.Instruction)).Select(annotation => annotation with { Instruction = reached.PlaceOf(annotation.Instruction) })]);
    }

    private static Instruction Aim(Instruction jump, int at, Label label, int place)
    {
        int distance = place - (at + 1);
        if (distance is >= short.MinValue and <= short.MaxValue)
            return jump with { Offset = (short)distance };
        if (jump.Opcode == Opcode.Goto)
            return jump with { Opcode = Opcode.LongGoto, Immediate = distance };

        throw new InvalidOperationException(
            $"The conditional jump at instruction {at} to {label.Name} at {place} is longer than {short.MaxValue} instructions");
    }

    private void CheckOwner(Label label)
    {
        if (label.Owner != this)
            throw new InvalidOperationException($"Label {label.Name} belongs to another program");
    }

    private void Emit(int opcode, Register destination = default, Register source = default, int offset = 0, int immediate = 0)
    {
        if (offset is < short.MinValue or > short.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(offset), offset, "An offset of an instruction has 16 bits");

        _instructions.Add(new Instruction((byte)opcode, destination, source, (short)offset, immediate));
    }
}
