using System.Collections.Immutable;

namespace Sluice.Redirect.Splicing.Kernel.Preflight;

/// <summary>What the kernel's way and the copy loop cost this machine, and what follows from it.</summary>
/// <param name="Figures">One for each kind of traffic.</param>
/// <param name="Source">What was measured: where the CPU times come from, in words.</param>
public sealed record Calibration(ImmutableArray<CalibrationFigure> Figures, string Source)
{
    /// <summary>The kernel's way is known to be no dearer for any kind of traffic.</summary>
    public bool IsNoDearer => !Figures.IsEmpty && Figures.All(figure => figure.Verdict == CalibrationVerdict.NoDearer);
}

/// <summary>One kind of traffic over both paths, in rounds that alternate.</summary>
/// <param name="Traffic">Its name in words.</param>
/// <param name="Unit">What the costs are for.</param>
/// <param name="Copy">CPU time in nanoseconds through the copy loop, the median of its rounds.</param>
/// <param name="Kernel">The same through the kernel's sockmap.</param>
/// <param name="RoundsNoDearer">Pairs of rounds in which the kernel's was no dearer, within the tolerance.</param>
/// <param name="Rounds">Pairs of rounds in all.</param>
/// <param name="Verdict">What follows from them.</param>
public sealed record CalibrationFigure(
    string Traffic, string Unit, long Copy, long Kernel, int RoundsNoDearer, int Rounds, CalibrationVerdict Verdict);

/// <summary>What rounds of a calibration say.</summary>
public enum CalibrationVerdict : byte
{
    /// <summary>The rounds contradict one another.</summary>
    Undecided = 0,
    /// <summary>The kernel's way costs no more CPU than copying.</summary>
    NoDearer,
    /// <summary>It costs more.</summary>
    Dearer,
}
