namespace Sluice.Redirect.Maps;

/// <summary>The managed engine's link: it and the slot it holds know each other.</summary>
internal abstract class MapLink(AttachType slot)
{
    /// <summary>Which slot it holds.</summary>
    internal AttachType Slot { get; } = slot;
}

/// <inheritdoc cref="IMapLink{TProgram}"/>
internal sealed class MapLink<TProgram>(ProgramSlots slots, AttachType slot, TProgram program) : MapLink(slot), IMapLink<TProgram>
    where TProgram : class
{
    private readonly Lock _gate = new();
    private TProgram _program = program;

    /// <inheritdoc/>
    public Errno Replace(TProgram program, TProgram? expected = null)
    {
        lock (_gate)
        {
            if (expected is not null && !ReferenceEquals(expected, _program))
                return Errno.EPERM;

            Errno errno = slots.Replace(this, program);
            if (errno == Errno.None)
                _program = program;
            return errno;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => slots.Release(this);
}
