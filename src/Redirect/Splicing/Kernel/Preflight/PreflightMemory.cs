namespace Sluice.Redirect.Splicing.Kernel.Preflight;

/// <summary>What one preflight leaves to later ones: that every trial passed, and what the calibration found.</summary>
/// <param name="Key">Under what it was found, <see cref="Surroundings.Key"/>. It says nothing where anything of that differs.</param>
/// <param name="Calibration">Null where it was not measured.</param>
public sealed record PreflightMemory(string Key, Calibration? Calibration);
