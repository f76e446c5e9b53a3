namespace Sluice.Redirect.Reactors;

/// <summary>
/// The one await that waits for something a reactor completes: its continuation runs from the reactor's own queue, without
/// an allocation. Belongs to the reactor's thread. What it is a field of is the value task's source.
/// </summary>
internal struct ReactorCompletion
{
    // In the place of a continuation once it has completed: every connection has one of these.
    private static readonly Action<object?> Completed = static _ => { };

    private Action<object?>? _continuation;
    private object? _state;

    internal readonly bool IsCompleted => ReferenceEquals(_continuation, Completed);

    /// <summary>Lets whoever waits go on in the reactor's next run of its queue. Once, until <see cref="Reset"/>.</summary>
    internal void Complete(Reactor reactor)
    {
        if (_continuation is { } continuation)
            reactor.Post(continuation, _state);
        (_continuation, _state) = (Completed, null);
    }

    /// <summary>Whoever awaits, for <see cref="System.Threading.Tasks.Sources.IValueTaskSource.OnCompleted"/>.</summary>
    internal void OnCompleted(Reactor reactor, Action<object?> continuation, object? state)
    {
        if (IsCompleted)
            reactor.Post(continuation, state);
        else
            (_continuation, _state) = (continuation, state);
    }

    /// <summary>Readies it for the next await, after the one before has its result.</summary>
    internal void Reset() => this = default;
}
