using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Maps;

/// <summary>
/// Holds a map's program slot, as a bpf_link does: while it exists nobody else attaches to or detaches from the slot, and
/// when it is disposed the slot is empty. Safe from any thread.
/// </summary>
public sealed class MapLink : IDisposable
{
    private readonly ProgramSlots _slots;
    private readonly Lock _gate = new();
    private object _program;

    internal MapLink(ProgramSlots slots, AttachType slot, object program) => (_slots, Slot, _program) = (slots, slot, program);

    /// <summary>Which slot it holds.</summary>
    public AttachType Slot { get; }

    /// <summary>
    /// Puts another verdict program into the slot. EPERM when <paramref name="expected"/> is given and is not the one there,
    /// EINVAL for a parser's slot, ENOLINK when the link or the map has been disposed.
    /// </summary>
    public Errno Replace(IVerdictProgram program, IVerdictProgram? expected = null) =>
        Slot == AttachType.SkSkbStreamParser ? Errno.EINVAL : ReplaceWith(program, expected);

    /// <inheritdoc cref="Replace(IVerdictProgram, IVerdictProgram?)"/>
    public Errno Replace(IStreamParser parser, IStreamParser? expected = null) =>
        Slot == AttachType.SkSkbStreamParser ? ReplaceWith(parser, expected) : Errno.EINVAL;

    /// <summary>Empties the slot. Sockets that have inherited the program keep it.</summary>
    public void Dispose() => _slots.Release(this);

    private Errno ReplaceWith(object program, object? expected)
    {
        lock (_gate)
        {
            if (expected is not null && !ReferenceEquals(expected, _program))
                return Errno.EPERM;

            Errno errno = _slots.Replace(this, program);
            if (errno == Errno.None)
                _program = program;
            return errno;
        }
    }
}
