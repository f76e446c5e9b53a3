using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>A standing verdict as programs of the kernel keep it (<see cref="VerdictFrame.Window"/>).</summary>
internal static class WindowCode
{
    internal const ulong DropBit = 1UL << 32;

    /// <summary>For the kernel to go on.</summary>
    internal static ulong Of(in StandingVerdict standing) =>
        standing.Window == 0 ? 0 : (uint)standing.Window | (standing.IsDrop ? DropBit : 0);

    /// <summary>For the managed engine to go on.</summary>
    internal static StandingVerdict Read(ulong window, long streamOffset) =>
        new((int)(uint)window, IsDrop: (window & DropBit) != 0, streamOffset);
}
