using System.Runtime.InteropServices;

namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>
/// One direction's record, in an array that the kernel's program and this process have mapped both. Each field has one writer;
/// the two writers' fields lie on cache lines of their own. Only <see cref="State"/> is written by both, by compare-and-swap.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct SpliceRecord
{
    internal const int Size = 128;

    internal const int StateAt = 0;
    internal const int RedirectedAt = 8;
    internal const int BuffersAt = 16;
    internal const int DemotionsAt = 24;
    internal const int WriteBaseAt = 32;
    internal const int BufferBaseAt = 36;
    internal const int NextSequenceAt = 40;
    internal const int HasSequenceAt = 44;
    internal const int OverlapsAt = 48;
    internal const int GapsAt = 52;
    internal const int DroppedAt = 56;
    internal const int WindowAt = 64;
    internal const int RebaseAt = 68;
    internal const int StandingAt = 72;
    internal const int OffsetBaseAt = 80;

    /// <summary>Set in <see cref="State"/> while the kernel carries the bytes.</summary>
    internal const ulong InKernel = 1;

    /// <summary>
    /// Bytes passed to user space, times two, plus <see cref="InKernel"/>. The program adds to it, and clears the bit when it
    /// gives a stream back; user space sets the bit, and only if it has received all that was passed.
    /// </summary>
    [FieldOffset(StateAt)]
    internal ulong State;

    /// <summary>The program's: bytes redirected.</summary>
    [FieldOffset(RedirectedAt)]
    internal ulong Redirected;

    /// <summary>The program's: skbs redirected.</summary>
    [FieldOffset(BuffersAt)]
    internal ulong Buffers;

    /// <summary>The program's: how often it gave the stream back to user space.</summary>
    [FieldOffset(DemotionsAt)]
    internal ulong Demotions;

    /// <summary>The program's: the write_seq that the socket written to would have had at <see cref="Redirected"/> = 0.</summary>
    [FieldOffset(WriteBaseAt)]
    internal uint WriteBase;

    /// <summary>The program's: <see cref="Buffers"/> when no skb was waiting for the socket written to.</summary>
    [FieldOffset(BufferBaseAt)]
    internal uint BufferBase;

    /// <summary>The program's: the sequence number of the next byte.</summary>
    [FieldOffset(NextSequenceAt)]
    internal uint NextSequence;

    /// <summary>The program's: 1 once <see cref="NextSequence"/> is known.</summary>
    [FieldOffset(HasSequenceAt)]
    internal uint HasSequence;

    /// <summary>The program's: retransmissions that overlapped what had been delivered, and were trimmed.</summary>
    [FieldOffset(OverlapsAt)]
    internal uint Overlaps;

    /// <summary>The program's: skbs that did not continue the stream. They are dropped, as is all that follows: the pair must be reset.</summary>
    [FieldOffset(GapsAt)]
    internal uint Gaps;

    /// <summary>The program's: bytes dropped by a rule.</summary>
    [FieldOffset(DroppedAt)]
    internal ulong Dropped;

    /// <summary>
    /// Ours: bytes that the socket written to may have unacknowledged, the waiting ones included. 0: the program gives the stream
    /// back with the next byte.
    /// </summary>
    [FieldOffset(WindowAt)]
    internal uint Window;

    /// <summary>Ours to set before the stream is given to the kernel, the program's to clear: the base is to be taken anew.</summary>
    [FieldOffset(RebaseAt)]
    internal uint Rebase;

    /// <summary>
    /// The verdict that still stands, as <see cref="Compilation.Kernel.VerdictFrame.Window"/>. Whoever carries the stream writes it.
    /// </summary>
    [FieldOffset(StandingAt)]
    internal ulong Standing;

    /// <summary>Ours: what the stream had carried when nothing was redirected or dropped, wrapping around.</summary>
    [FieldOffset(OffsetBaseAt)]
    internal ulong OffsetBase;

    /// <summary>For people: what the program has done.</summary>
    public override readonly string ToString() =>
        $"{((State & InKernel) != 0 ? "in the kernel" : "in user space")}, {State >> 1} B passed, {Redirected} B redirected in {Buffers} skbs, {Dropped} B dropped, "
        + $"given back {Demotions} times, {Gaps} gaps, {Overlaps} overlaps, window {Window}";
}
