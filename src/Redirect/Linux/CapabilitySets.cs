namespace Sluice.Redirect.Linux;

/// <summary>A thread's three sets of capabilities, a bit for each (capget(2)).</summary>
/// <param name="Effective">What the kernel goes by.</param>
/// <param name="Permitted">What the thread may make effective.</param>
/// <param name="Inheritable">What a program that it starts may get.</param>
internal readonly record struct CapabilitySets(ulong Effective, ulong Permitted, ulong Inheritable);
