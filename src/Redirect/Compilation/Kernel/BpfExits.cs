using Sluice.Redirect.Bpf;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>Where a plan's code goes on in the program around it.</summary>
/// <param name="Pass">The message is to go to the connection's other side.</param>
/// <param name="Drop">It is to vanish.</param>
/// <param name="HandOver">Nothing was decided or counted; the managed engine is to judge this message from its first byte.</param>
public sealed record BpfExits(Label Pass, Label Drop, Label HandOver);
