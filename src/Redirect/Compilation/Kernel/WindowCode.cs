using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>A stream's window as programs of the kernel keep it (<see cref="VerdictFrame.Window"/>).</summary>
public static class WindowCode
{
    internal const ulong DropBit = 1UL << 32;

    /// <summary>For the kernel to go on.</summary>
    public static ulong Of(StreamPlace place) =>
        (uint)place.Window | (place.Window > 0 && place.Standing == DecisionKind.Drop ? DropBit : 0);

    /// <summary>For the managed engine to go on.</summary>
    public static StreamPlace PlaceOf(ulong window, long streamOffset) =>
        new(streamOffset, (window & DropBit) == 0 ? DecisionKind.Pass : DecisionKind.Drop, (int)(uint)window);
}
