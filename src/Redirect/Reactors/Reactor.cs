using System.Collections.Concurrent;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Reactors;

/// <summary>
/// An epoll event loop on a thread of its own. Everything that belongs to one of its connections (both sockets, timers,
/// buffers, continuations) runs on that thread and therefore needs no lock. One turn of the loop handles the events that
/// are there, then the timers that are due, then what was posted or scheduled during the turn.
/// </summary>
public sealed class Reactor : IDisposable
{
    /// <summary>Size of the one buffer that every connection of the reactor reads into, in bytes.</summary>
    public const int ReadBufferSize = 256 * 1024;

    private const int PostRoundsPerTurn = 8;

    [ThreadStatic]
    private static Reactor? _current;

    // Later than its wake-up by more milliseconds than this, and a reactor was not merely busy.
    private const int Oversleep = 100;

    private readonly Epoll _epoll = new();
    private long _wake = long.MaxValue;
    private readonly RegistrationTable _registrations = new();
    private readonly ConcurrentQueue<(Action<object?> Callback, object? State)> _fromOtherThreads = new();
    private Queue<(Action<object?> Callback, object? State)> _posted = new();
    private Queue<(Action<object?> Callback, object? State)> _running = new();
    private Queue<IReactorTask> _scheduled = new();
    private Queue<IReactorTask> _resuming = new();
    private readonly WakeUp _wakeUp;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _stopping;
    private volatile bool _ended;

    /// <summary>Starts the thread.</summary>
    /// <param name="index">Its number, for names and metrics.</param>
    /// <param name="bufferMemory">Bytes its connections together may hold for slow readers and waiting programs.</param>
    public Reactor(int index, long bufferMemory)
    {
        Index = index;
        Now = Environment.TickCount64;
        Timers = new TimerWheel(Now);
        Buffers = new BufferPool(bufferMemory);
        _wakeUp = new WakeUp();
        int result = Watch(_wakeUp, _wakeUp.Fd, EpollEvents.In | EpollEvents.EdgeTriggered);
        if (result < 0)
            throw new LinuxException("epoll_ctl", (Errno)(-result));

        _thread = new Thread(Run) { Name = $"reactor-{index}", IsBackground = true };
        _thread.Start();
    }

    /// <summary>The reactor whose thread is the calling one, or null.</summary>
    public static Reactor? Current => _current;

    /// <summary>Its number among the reactors of a transport, from 0.</summary>
    public int Index { get; }

    /// <summary>How many sockets it watches, listening ones included. Exact on its own thread, a recent value elsewhere.</summary>
    public int SocketCount => _registrations.Count - 1;

    /// <summary>Bytes its connections hold for slow readers and for programs that wait for more. Readable from any thread.</summary>
    public long HeldBytes => Buffers.HeldBytes;

    /// <summary>Hears, on the reactor's thread, of an exception that nothing else caught; the reactor goes on.</summary>
    public event Action<Exception>? UnhandledException;

    /// <summary>Milliseconds of <see cref="Environment.TickCount64"/>, read once a turn.</summary>
    internal long Now { get; private set; }

    internal TimerWheel Timers { get; }

    internal BufferPool Buffers { get; }

    internal PipePool Pipes { get; } = new();

    /// <summary>Where a receive on this reactor lands. Its content lasts until control returns to the reactor.</summary>
    internal byte[] ReadBuffer { get; } = GC.AllocateUninitializedArray<byte>(ReadBufferSize, pinned: true);

    /// <summary>Runs a callback on the reactor's thread: in its next turn, in order; never once it has stopped. Safe from any thread.</summary>
    public void Post(Action<object?> callback, object? state)
    {
        if (_current == this)
        {
            _posted.Enqueue((callback, state));
            return;
        }

        _fromOtherThreads.Enqueue((callback, state));
        _wakeUp.Signal();
    }

    /// <summary>
    /// Runs a function on the reactor's thread and completes with it, or with <see cref="ObjectDisposedException"/> once the
    /// reactor has stopped. Safe from any thread.
    /// </summary>
    public Task<T> InvokeAsync<T>(Func<Task<T>> function)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(
            async void (_) =>
            {
                try
                {
                    completion.TrySetResult(await function());
                }
                catch (Exception exception)
                {
                    completion.TrySetException(exception);
                }
            },
            null);

        // Posting is a full fence, as is the end of the loop: either this sees the end, or the end sees what was posted.
        if (_ended)
            completion.TrySetException(new ObjectDisposedException($"reactor {Index}"));
        return completion.Task;
    }

    /// <summary>Lets a task go on in the next turn. Only on the reactor's thread.</summary>
    internal void Schedule(IReactorTask task) => _scheduled.Enqueue(task);

    /// <summary>
    /// Watches a descriptor from now until <see cref="Forget"/>. 0 or minus an errno; ECANCELED while the reactor ends, for
    /// nobody would close it.
    /// </summary>
    internal int Watch(EpollRegistration registration, int fd, EpollEvents events)
    {
        if (_stopping)
            return -(int)Errno.ECANCELED;

        int result = _epoll.Add(fd, events, _registrations.Add(registration));
        if (result < 0)
            _registrations.Remove(registration);
        return result;
    }

    /// <summary>Watches for other events from now on; those that are there already are told again. 0 or minus an errno.</summary>
    internal int WatchFor(EpollRegistration registration, int fd, EpollEvents events) =>
        _epoll.Modify(fd, events, _registrations.KeyOf(registration));

    /// <summary>Ends the watch in the kernel, for a descriptor whose socket stays open elsewhere when it is closed.</summary>
    internal void Unwatch(int fd) => _epoll.Remove(fd);

    /// <summary>Drops events for a registration whose descriptor is about to be closed (which ends the watch in the kernel).</summary>
    internal void Forget(EpollRegistration registration) => _registrations.Remove(registration);

    /// <summary>Hands an exception that belongs to no connection to <see cref="UnhandledException"/>.</summary>
    internal void Report(Exception exception) => UnhandledException?.Invoke(exception);

    /// <summary>Asks the loop to end and completes when its thread has; what it still watches is ended first.</summary>
    public Task StopAsync()
    {
        _stopping = true;
        _wakeUp.Signal();
        return _stopped.Task;
    }

    /// <summary>Timers that are set now. Safe from any thread, and then a moment old.</summary>
    public int ArmedTimers => Timers.Count;

    /// <summary>Stops without waiting.</summary>
    public void Dispose() => _ = StopAsync();

    private void Run()
    {
        _current = this;
        SynchronizationContext.SetSynchronizationContext(new ReactorSynchronizationContext(this));
        while (!_stopping)
            Turn(TimeToWait());

        foreach (EpollRegistration registration in _registrations.ToArray())
            registration.OnFault(new OperationCanceledException("The reactor was stopped"));
        RunWhatIsQueued();
        _ended = true;
        Interlocked.MemoryBarrier();
        RunWhatIsQueued();

        Pipes.Dispose();
        _wakeUp.Close();
        _epoll.Dispose();
        _current = null;
        _stopped.SetResult();
    }

    private void RunWhatIsQueued()
    {
        while (_posted.Count + _scheduled.Count > 0 || !_fromOtherThreads.IsEmpty)
            RunQueues();
    }

    private void Turn(int wait)
    {
        int count = _epoll.Wait(wait);
        Now = Environment.TickCount64;
        DispatchAll(count);

        // A process that stood still has overslept its timers. None of them may judge a connection whose bytes are here but have not
        // been looked at; so many looks bring every event that was there.
        bool hasOverslept = Now - _wake > Oversleep;
        for (int seen = count; hasOverslept && count == Epoll.MaxEvents && seen < _registrations.Count; seen += count)
        {
            count = _epoll.Wait(0);
            DispatchAll(count);
        }

        RunTimers();
        RunQueues();
    }

    private void DispatchAll(int count)
    {
        for (int i = 0; i < count; i++)
        {
            (EpollEvents events, ulong key) = _epoll[i];
            if (_registrations.Find(key) is { } registration)
                Dispatch(registration, events);
        }
    }

    private static void Dispatch(EpollRegistration registration, EpollEvents events)
    {
        try
        {
            registration.OnReady(events);
        }
        catch (Exception exception)
        {
            registration.OnFault(exception);
        }
    }

    private void RunTimers()
    {
        if (Timers.Count == 0)
            return;

        try
        {
            Timers.AdvanceTo(Now);
        }
        catch (Exception exception)
        {
            Report(exception);
        }
    }

    // What is scheduled or comes from other threads meanwhile waits for the next turn, so that events get theirs.
    private void RunQueues()
    {
        (_resuming, _scheduled) = (_scheduled, _resuming);
        while (_resuming.TryDequeue(out IReactorTask? task))
            Guard(static state => ((IReactorTask)state!).Run(), task);

        if (_wakeUp.Take())
        {
            for (int left = _fromOtherThreads.Count; left > 0 && _fromOtherThreads.TryDequeue(out var item); left--)
                _posted.Enqueue(item);
            if (!_fromOtherThreads.IsEmpty)
                _wakeUp.Signal();
        }

        // A chain of awaits posts one continuation after another: letting it finish saves a system call for each.
        for (int round = 0; round < PostRoundsPerTurn && _posted.Count > 0; round++)
        {
            (_running, _posted) = (_posted, _running);
            while (_running.TryDequeue(out var item))
                Guard(item.Callback, item.State);
        }
    }

    private void Guard(Action<object?> callback, object? state)
    {
        try
        {
            callback(state);
        }
        catch (Exception exception)
        {
            Report(exception);
        }
    }

    private int TimeToWait()
    {
        _wake = Timers.NextEvent() ?? long.MaxValue;
        if (_posted.Count + _scheduled.Count > 0)
            return 0;
        if (_wake == long.MaxValue)
            return -1;

        return (int)Math.Clamp(_wake - Environment.TickCount64, 0, int.MaxValue);
    }
}
