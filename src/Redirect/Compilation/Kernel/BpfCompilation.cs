using System.Collections.Immutable;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>What became of a plan.</summary>
/// <param name="Plan">The plan as the kernel can run it; null when a refusal has <see cref="OffloadScope.Program"/>.</param>
/// <param name="Refusals">All of them, in the order of the rules.</param>
public sealed record BpfCompilation(BpfPlan? Plan, ImmutableArray<OffloadRefusal> Refusals);
