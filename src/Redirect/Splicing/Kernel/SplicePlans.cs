namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>What judges the two directions of connections in the kernel.</summary>
/// <param name="FromClient">What clients send; null: all of it is passed on.</param>
/// <param name="FromUpstream">What upstreams send, likewise.</param>
internal readonly record struct SplicePlans(PlanInKernel? FromClient, PlanInKernel? FromUpstream);
