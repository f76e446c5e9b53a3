namespace Sluice.Redirect.Maps;

/// <summary>
/// The program slots of a sockmap or sockhash. Results are the kernel's errnos; docs/semantics.md has the table. All members
/// are safe from any thread.
/// </summary>
/// <typeparam name="TProgram">What the map's engine runs.</typeparam>
public interface IProgramSlots<TProgram>
    where TProgram : class
{
    /// <summary>
    /// Attaches a program for sockets inserted from now on; one that is there is replaced. EINVAL: the slot takes no such program;
    /// EBUSY: a link holds the slot, or stream_verdict and skb_verdict would both be set.
    /// </summary>
    Errno Attach(AttachType slot, TProgram program);

    /// <summary>Detaches the program; sockets that have inherited it keep it. ENOENT: another is there, or none; EBUSY as for attach.</summary>
    Errno Detach(AttachType slot, TProgram program);

    /// <summary>Attaches as <see cref="Attach"/> and holds the slot until the link is disposed.</summary>
    Errno Link(AttachType slot, TProgram program, out IMapLink<TProgram>? link);
}
