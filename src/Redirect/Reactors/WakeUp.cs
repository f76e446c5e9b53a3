using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Reactors;

/// <summary>
/// Wakes a reactor from another thread, through an eventfd. However many threads signal between two turns, one of them
/// makes the system call.
/// </summary>
internal sealed class WakeUp : EpollRegistration
{
    private readonly Lock _closing = new();
    private int _signalled;
    private bool _closed;

    internal WakeUp()
    {
        Fd = Syscall.EventFd();
        if (Fd < 0)
            throw new LinuxException("eventfd", (Errno)(-Fd));
    }

    internal int Fd { get; }

    /// <summary>Safe from any thread, also after <see cref="Close"/>.</summary>
    internal void Signal()
    {
        if (Interlocked.Exchange(ref _signalled, 1) != 0)
            return;

        // A signal that comes while the reactor ends must not write to a descriptor that somebody else has by then.
        lock (_closing)
        {
            if (!_closed)
                _ = Syscall.Signal(Fd);
        }
    }

    /// <summary>True when there was a signal since the last call. What was queued before it can now be seen.</summary>
    internal bool Take() => Volatile.Read(ref _signalled) != 0 && Interlocked.Exchange(ref _signalled, 0) != 0;

    internal void Close()
    {
        lock (_closing)
        {
            _closed = true;
            Syscall.Close(Fd);
        }
    }

    internal override void OnReady(EpollEvents events) => _ = Syscall.ClearSignal(Fd);

    internal override void OnFault(Exception exception)
    {
    }
}
