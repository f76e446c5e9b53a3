using System.Runtime.InteropServices;

namespace Sluice.ProxyHost.Hosting;

/// <summary>
/// The first SIGTERM or SIGINT asks for a stop, also one that comes before the host is there to hear it; whoever sends a
/// second one wants no more waiting.
/// </summary>
internal sealed class SignalWatch : IDisposable
{
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration _interrupt;
    private readonly CancellationTokenSource _stop = new();
    private int _signals;

    public SignalWatch()
    {
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Handle(context, 15));
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Handle(context, 2));
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    public void Dispose()
    {
        _terminate.Dispose();
        _interrupt.Dispose();
    }

    private void Handle(PosixSignalContext context, int number)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _signals) > 1)
            Environment.Exit(128 + number);
        _stop.Cancel();
    }
}
