using Sluice.Redirect.Bpf;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>Where a plan's code goes on in the program around it.</summary>
/// <param name="Pass">The message is to go to the connection's other side.</param>
/// <param name="Drop">It is to vanish.</param>
/// <param name="HandOver">
/// Nothing was decided or counted; the managed engine is to judge this message from its first byte. Of sk_msg it can be the rest of
/// a message whose first bytes were redirected (<see cref="VerdictFrame.Taken"/>). The kernel then takes SK_PASS for the same
/// redirect again, so such a rest is redirected to the socket that sends it: nothing judges it there, and it keeps its place.
/// </param>
public sealed record BpfExits(Label Pass, Label Drop, Label HandOver);
