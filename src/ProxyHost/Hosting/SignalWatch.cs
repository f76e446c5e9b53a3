using System.Runtime.InteropServices;

namespace Sluice.ProxyHost.Hosting;

/// <summary>
/// The first SIGTERM or SIGINT asks for a stop, also one that comes before the host is there to hear it; whoever sends a
/// second one wants no more waiting. SIGHUP never ends the process; one that comes before anybody listens is told later.
/// </summary>
internal sealed class SignalWatch : IDisposable
{
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _hangUp;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private Action? _onHangUp;
    private int _signals;
    private bool _wasHungUp;

    public SignalWatch()
    {
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Handle(context, 15));
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Handle(context, 2));
        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, HangUp);
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    public void Dispose()
    {
        _terminate.Dispose();
        _interrupt.Dispose();
        _hangUp.Dispose();
    }

    /// <summary>Says what SIGHUP does from now on, and does it at once where one has come before; null: nothing.</summary>
    public void OnHangUp(Action? action)
    {
        bool isDue;
        lock (_gate)
        {
            isDue = _wasHungUp && action is not null;
            (_onHangUp, _wasHungUp) = (action, _wasHungUp && !isDue);
        }

        if (isDue)
            action!();
    }

    /// <summary>SIGHUP has come.</summary>
    internal void HangUp(PosixSignalContext context)
    {
        context.Cancel = true;
        Action? action;
        lock (_gate)
        {
            action = _onHangUp;
            _wasHungUp |= action is null;
        }

        action?.Invoke();
    }

    private void Handle(PosixSignalContext context, int number)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _signals) > 1)
            Environment.Exit(128 + number);
        _stop.Cancel();
    }
}
