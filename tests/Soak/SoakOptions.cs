namespace Sluice.Soak;

/// <summary>What the command line says.</summary>
/// <param name="Time">How long it runs.</param>
/// <param name="Sluice">The daemon's binary; null: the one that was built.</param>
/// <param name="Offload">runtime.offload.</param>
/// <param name="Plot">Where the plot goes; null: nowhere.</param>
/// <param name="Forget">Connections that each round leaves open.</param>
internal sealed record SoakOptions(TimeSpan Time, string? Sluice, string Offload, string? Plot, int Forget);
