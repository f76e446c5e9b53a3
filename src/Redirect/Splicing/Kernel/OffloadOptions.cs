namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>How connections are given to the kernel.</summary>
public sealed record OffloadOptions
{
    /// <summary>
    /// Bytes that one direction may have on the way inside the kernel, redirected and not acknowledged. 64 KiB to 16 MiB; default
    /// 512 KiB, with which the protocol was validated.
    /// </summary>
    public int Window { get; init; } = 512 * 1024;

    /// <summary>
    /// Bytes that all connections of all reactors together may have on the way: one <see cref="Window"/> for each direction that
    /// the kernel carries. Default 256 MiB.
    /// </summary>
    public long Memory { get; init; } = 256L * 1024 * 1024;

    /// <summary>
    /// How often a connection's sockets must have been read empty before it is offered to the kernel, at least 1. Default 16:
    /// a short connection is over before what the offer costs would pay.
    /// </summary>
    public ushort ReadsBefore { get; init; } = 16;

    /// <summary>
    /// Pairs a reactor may have in its maps. Those that user space carries at the moment are among them, hence twice what
    /// <see cref="Memory"/> would allow.
    /// </summary>
    internal int PairsPerReactor => (int)Math.Clamp(Memory / Window, 64, 32 * 1024);
}
