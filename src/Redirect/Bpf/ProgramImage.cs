using System.Collections.Immutable;

namespace Sluice.Redirect.Bpf;

/// <summary>An assembled program that is not yet bound to maps. Immutable; any thread may use it.</summary>
public sealed class ProgramImage
{
    private readonly ImmutableArray<Annotation> _annotations;

    internal ProgramImage(ImmutableArray<ulong> instructions, ImmutableArray<Relocation> relocations, ImmutableArray<Annotation> annotations) =>
        (Instructions, Relocations, _annotations) = (instructions, relocations, annotations);

    /// <summary>Each a struct bpf_insn as a little-endian number. Those that take a map have 0 for its descriptor.</summary>
    public ImmutableArray<ulong> Instructions { get; }

    /// <summary>The instructions that take a map, in their order.</summary>
    public ImmutableArray<Relocation> Relocations { get; }

    /// <summary>The program for people: a line for each instruction with its number, labels and comments before it.</summary>
    public string Listing => ListingWriter.Write(this, _annotations);

    /// <summary>What bpf(2) loads. Asks for each map's descriptor by the map's name in the program.</summary>
    public ulong[] Resolve(Func<string, int> mapDescriptor)
    {
        ulong[] instructions = [.. Instructions];
        foreach (Relocation relocation in Relocations)
        {
            ref ulong instruction = ref instructions[relocation.Instruction];
            instruction = (Instruction.Decode(instruction) with { Immediate = mapDescriptor(relocation.Map) }).Encode();
        }

        return instructions;
    }

    /// <summary>
    /// The instruction with this number, as the verifier counts, in words; the second half of a wide load is shown as the
    /// whole. For the messages of a verifier that refuses. <see cref="ArgumentOutOfRangeException"/> when there is none.
    /// </summary>
    public string ListingLine(int instruction)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(instruction);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(instruction, Instructions.Length);
        return ListingWriter.Line(this, _annotations, instruction);
    }
}
