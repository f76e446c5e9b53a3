using System.IO.Pipelines;

namespace Sluice.Redirect.Reactors;

/// <summary>Runs a pipe's continuations on a reactor.</summary>
internal sealed class ReactorScheduler(Reactor reactor) : PipeScheduler
{
    public override void Schedule(Action<object?> action, object? state) => reactor.Post(action, state);
}
