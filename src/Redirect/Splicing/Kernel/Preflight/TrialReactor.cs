using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Splicing.Kernel.Preflight;

/// <summary>The reactor that the trials' proxied sockets live on, for a thread that waits for it.</summary>
internal sealed class TrialReactor : IDisposable
{
    private const long BufferMemory = 16 * 1024 * 1024;

    private Exception? _defect;

    internal TrialReactor()
    {
        Reactor = new Reactor(0, BufferMemory);
        Reactor.UnhandledException += defect => _defect = defect;
    }

    internal Reactor Reactor { get; }

    /// <summary>Runs something on the reactor's thread and waits for it.</summary>
    internal T Run<T>(Func<T> function) => Wait(Reactor.InvokeAsync(() => Task.FromResult(function())));

    /// <summary>Starts something there.</summary>
    internal Task<T> Start<T>(Func<ValueTask<T>> function) => Reactor.InvokeAsync(() => function().AsTask());

    /// <summary>Waits, within the patience of a trial.</summary>
    internal T Wait<T>(Task<T> task) =>
        TryWait(task)
            ? task.GetAwaiter().GetResult()
            : throw new CheckFailedException($"a connection did not end within {StreamEnd.PatienceMilliseconds} ms{(_defect is null ? "" : $": {_defect.Message}")}");

    /// <summary>False when it takes longer than a trial's patience. What it ends with is for who asks for its result.</summary>
    internal static bool TryWait(Task task) => ((IAsyncResult)task).AsyncWaitHandle.WaitOne(StreamEnd.PatienceMilliseconds);

    public void Dispose() => _ = TryWait(Reactor.StopAsync());
}
