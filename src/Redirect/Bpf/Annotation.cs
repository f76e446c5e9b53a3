namespace Sluice.Redirect.Bpf;

/// <summary>What a listing shows before an instruction.</summary>
internal readonly record struct Annotation(int Instruction, string Text, bool IsLabel);
