using System.Threading.Tasks.Sources;

namespace Sluice.Redirect.Reactors;

/// <summary>
/// Lets one waiter on a reactor await an edge. A signal that comes while nobody waits is kept for the next wait. Belongs to
/// the reactor's thread; waiting allocates nothing.
/// </summary>
internal sealed class ReactorSignal : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _core;
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
        _core.Reset();
        return new ValueTask(this, _core.Version);
    }

    internal void Set()
    {
        if (!_waiting)
        {
            _set = true;
            return;
        }

        _waiting = false;
        _core.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
