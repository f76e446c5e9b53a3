namespace Sluice.Redirect.Bpf;

/// <summary>An instruction that takes a map's descriptor, which is not known before the program is loaded.</summary>
/// <param name="Instruction">Its index; it is the first half of a wide load.</param>
/// <param name="Map">The map's name in the program.</param>
public readonly record struct Relocation(int Instruction, string Map);
