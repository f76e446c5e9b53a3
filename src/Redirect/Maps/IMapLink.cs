namespace Sluice.Redirect.Maps;

/// <summary>
/// Holds a map's program slot, as a bpf_link does: while it exists nobody else attaches to or detaches from the slot, and
/// when it is disposed the slot is empty. Sockets that have inherited the program keep it. Safe from any thread.
/// </summary>
/// <typeparam name="TProgram">What the map's engine runs.</typeparam>
public interface IMapLink<TProgram> : IDisposable
    where TProgram : class
{
    /// <summary>
    /// Puts another program into the slot. EPERM when <paramref name="expected"/> is given and is not the one there, ENOLINK when
    /// the link or the map has been disposed.
    /// </summary>
    Errno Replace(TProgram program, TProgram? expected = null);
}
