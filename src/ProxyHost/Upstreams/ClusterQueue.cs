using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model;
using Sluice.Redirect;
using Sluice.Redirect.Transports;

namespace Sluice.ProxyHost.Upstreams;

/// <summary>
/// Where connections wait, first come first served, while every endpoint of a cluster is full. A place that comes free is
/// handed to the first, so nobody overtakes. Safe from any thread; the lock is taken only while somebody waits.
/// </summary>
/// <param name="cluster">Whose endpoints have the places.</param>
/// <param name="config">How many may wait and for how long; null: nobody.</param>
/// <param name="clock">Measures the wait.</param>
internal sealed class ClusterQueue(ClusterState cluster, QueueConfig? config, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiting = [];
    private int _length;
    private long _overflows;
    private long _timeouts;

    /// <summary>Connections that wait.</summary>
    public int Length => Volatile.Read(ref _length);

    /// <summary>Connections refused because as many waited as may, or none may.</summary>
    public long Overflows => Interlocked.Read(ref _overflows);

    /// <summary>Connections that waited in vain.</summary>
    public long Timeouts => Interlocked.Read(ref _timeouts);

    /// <summary>An endpoint with a place taken, or why there is none.</summary>
    public async ValueTask<QueuedPlace> WaitAsync(IDialling connection)
    {
        var waiter = new Waiter(connection);
        lock (_lock)
        {
            // Whoever gives a place back afterwards sees that somebody waits; whoever did so before has left it to be taken here.
            Interlocked.Increment(ref _length);
            EndpointState? free = _waiting.Count == 0 ? Take(connection) : null;
            if (free is not null || _waiting.Count >= (config?.Size ?? 0))
            {
                Interlocked.Decrement(ref _length);
                if (free is not null)
                    return new(free, EndReason.None);
                Interlocked.Increment(ref _overflows);
                return new(null, config is null ? EndReason.EndpointLimit : EndReason.QueueOverflow);
            }

            _waiting.AddLast(waiter.Node);
        }

        using var aborted = new AbortSource(connection);
        try
        {
            return new(await waiter.Given.Task.WaitAsync(config!.Timeout, clock, aborted.Token), EndReason.None);
        }
        catch (TimeoutException)
        {
            if (!TryRemove(waiter))
                return new(await waiter.Given.Task, EndReason.None);
            Interlocked.Increment(ref _timeouts);
            return new(null, EndReason.QueueTimeout);
        }
        catch (OperationCanceledException)
        {
            if (!TryRemove(waiter))
                (await waiter.Given.Task).Failed();
            return new(null, connection.AbortedFor);
        }
    }

    /// <summary>An endpoint has a place more than before.</summary>
    public void Released(EndpointState endpoint)
    {
        if (Length == 0)
            return;
        lock (_lock)
        {
            while (_waiting.Count > 0 && endpoint.IsEligible && endpoint.TryDial())
                GiveToFirst(endpoint);
        }
    }

    /// <summary>The endpoints that take connections are others than before.</summary>
    public void Serve()
    {
        if (Length == 0)
            return;
        lock (_lock)
        {
            while (_waiting.First is { } first && Take(first.Value.Connection) is { } endpoint)
                GiveToFirst(endpoint);
        }
    }

    private EndpointState? Take(IDialling connection)
    {
        ClusterMembership members = cluster.Membership;
        int attempt = 0;
        return members.Endpoints.Length == 0 ? null : members.TryTake(cluster.Policy.Pick(members, connection.ClientAddress), ref attempt);
    }

    private void GiveToFirst(EndpointState endpoint)
    {
        Waiter first = _waiting.First!.Value;
        _waiting.RemoveFirst();
        Interlocked.Decrement(ref _length);
        first.Given.SetResult(endpoint);
    }

    private bool TryRemove(Waiter waiter)
    {
        lock (_lock)
        {
            if (waiter.Node.List is null)
                return false;
            _waiting.Remove(waiter.Node);
            Interlocked.Decrement(ref _length);
            return true;
        }
    }

    private sealed class Waiter
    {
        public Waiter(IDialling connection) => (Connection, Node) = (connection, new(this));

        public IDialling Connection { get; }

        public LinkedListNode<Waiter> Node { get; }

        // Nobody goes on under the lock: what waits continues on its own reactor.
        public TaskCompletionSource<EndpointState> Given { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>The outcome of waiting: an endpoint with a place taken, or why there is none.</summary>
internal readonly record struct QueuedPlace(EndpointState? Endpoint, EndReason Failure);
