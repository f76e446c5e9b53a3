using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Splicing.Managed;

/// <summary>
/// Tells a stream from a conversation by the size of what arrives at once. splice(2) saves two copies of each byte and
/// costs more system calls for each arrival: it pays for large ones only (docs/decisions/0003). What a flow keeps for it is
/// one byte: how many moves in a row spoke for the other way of moving bytes.
/// </summary>
internal static class StreamGauge
{
    // A stream fills the read buffer time after time; a single large message does not last that long.
    private const int Enough = 16;
    private const int SmallMove = 32 * 1024;

    /// <summary>True when it is time for the other way.</summary>
    internal static bool IsEnough(byte inARow) => inARow >= Enough;

    /// <summary>After a copy: a full read buffer speaks for splice(2).</summary>
    internal static byte Copied(byte inARow, nint count) => Next(inARow, count == Reactor.ReadBufferSize);

    /// <summary>After a splice: a small one speaks for copying.</summary>
    internal static byte Spliced(byte inARow, nint count) => Next(inARow, count < SmallMove);

    private static byte Next(byte inARow, bool another) => another ? (byte)Math.Min(inARow + 1, Enough) : (byte)0;
}
