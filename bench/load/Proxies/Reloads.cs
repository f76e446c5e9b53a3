using Sluice.Load.Kernel;

namespace Sluice.Load.Proxies;

/// <summary>Gives a process another configuration again and again, with SIGHUP, until it is disposed.</summary>
internal sealed class Reloads : IDisposable
{
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;

    /// <param name="every">From one to the next.</param>
    /// <param name="process">Reads its configuration anew on SIGHUP.</param>
    /// <param name="write">Writes the configuration with this number; the one after it must be another.</param>
    public Reloads(TimeSpan every, ChildProcess process, Action<int> write)
    {
        _thread = new Thread(() =>
        {
            for (int number = 1; !_stop.Wait(every); number++)
            {
                write(number);
                _ = Libc.Kill(process.Pids[0], Libc.SigHup);
            }
        });
        _thread.Start();
    }

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
    }
}
