using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Splicing.Programs;

/// <summary>
/// Stops one source of bytes while any queue that it feeds is full. When the last of them has room again, the source's task
/// goes on in the reactor's next turn.
/// </summary>
internal sealed class Valve(Reactor reactor, IReactorTask source)
{
    private readonly List<ByteQueue> _full = [];

    internal bool IsOpen => _full.Count == 0;

    /// <summary>Closes until the queue, if it is full, has room.</summary>
    internal void Heed(ByteQueue queue)
    {
        if (!queue.IsFull || _full.Contains(queue))
            return;

        _full.Add(queue);
        queue.Wait(this);
    }

    /// <summary>The queue has room again.</summary>
    internal void Reopen(ByteQueue queue)
    {
        _full.Remove(queue);
        if (IsOpen)
            reactor.Schedule(source);
    }
}
