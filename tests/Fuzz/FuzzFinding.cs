namespace Sluice.Fuzz;

/// <summary>An input, and what its target threw for it.</summary>
internal sealed record FuzzFinding(byte[] Input, Exception Error);
