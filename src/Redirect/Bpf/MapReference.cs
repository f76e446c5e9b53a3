namespace Sluice.Redirect.Bpf;

/// <summary>A map by the name it has in a program. Which map that is gets decided when the program is loaded (<see cref="ProgramImage.Resolve"/>).</summary>
/// <param name="Name">As in the listing; the same name is the same map.</param>
public sealed record MapReference(string Name);
