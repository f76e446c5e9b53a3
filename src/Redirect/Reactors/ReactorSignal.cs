using System.Threading.Tasks.Sources;

namespace Sluice.Redirect.Reactors;

/// <summary>
/// Lets one waiter on a reactor await an edge. A signal that comes while nobody waits is kept for the next wait. Belongs to
/// the reactor's thread; waiting allocates nothing.
/// </summary>
internal sealed class ReactorSignal : IValueTaskSource
{
    private ReactorCompletion _completion;
    private Reactor? _reactor;
    private short _version;
    private bool _set;
    private bool _waiting;

    internal ValueTask WaitAsync()
    {
        if (_set)
        {
            _set = false;
            return ValueTask.CompletedTask;
        }

        _waiting = true;
        _reactor ??= Reactor.Current;
        _completion.Reset();
        return new ValueTask(this, ++_version);
    }

    internal void Set()
    {
        if (!_waiting)
        {
            _set = true;
            return;
        }

        _waiting = false;
        _completion.Complete(_reactor!);
    }

    void IValueTaskSource.GetResult(short token) => Check(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token)
    {
        Check(token);
        return _completion.IsCompleted ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;
    }

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        Check(token);
        _completion.OnCompleted(_reactor!, continuation, state);
    }

    private void Check(short token)
    {
        if (token != _version)
            throw new InvalidOperationException("An edge is awaited once");
    }
}
