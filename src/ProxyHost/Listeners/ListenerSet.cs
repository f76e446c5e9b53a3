using System.Net;
using Microsoft.AspNetCore.Connections;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Logging;
using Sluice.ProxyHost.Model;
using Sluice.Redirect;
using Sluice.Redirect.Transports;
using ConnectionHandler = Sluice.ProxyHost.Connections.ConnectionHandler;

namespace Sluice.ProxyHost.Listeners;

/// <summary>
/// All addresses that are listened on: bound together or not at all, accepted from since one moment, unbound together. From one
/// snapshot to the next those that stay keep their sockets. One call at a time.
/// </summary>
internal sealed class ListenerSet(
    ITransport transport,
    ProxyModel model,
    AcceptLoops loops,
    AcceptFailures failures,
    ReplacedListeners replaced,
    OwnAddresses own,
    ILogger<ListenerSet> log) : IAsyncDisposable
{
    private volatile BoundAddress[] _bound = [];

    /// <summary>What is bound, with the ports that the kernel chose. Safe from any thread.</summary>
    public IReadOnlyList<BoundListener> Bound =>
        [.. _bound.SelectMany(bound => bound.Queues.Select(queue => new BoundListener(bound.Listener!, queue)))];

    /// <summary>Binds every address of every listener. Throws <see cref="StartException"/>, and then nothing stays bound.</summary>
    public async Task BindAsync(CancellationToken cancellationToken)
    {
        try
        {
            await BindNewAsync(model.Current, cancellationToken);
        }
        catch (BindException failure)
        {
            throw new StartException(failure.Message, failure);
        }
    }

    /// <summary>Starts to accept. Whoever connected since the bind has waited in the backlog.</summary>
    public void Accept()
    {
        foreach (BoundAddress bound in _bound)
            Accept(bound, model.Current);
        foreach (ListenerState listener in model.Listeners)
            listener.Accepting = true;
    }

    /// <summary>
    /// Binds the addresses of a snapshot that are not bound yet. Throws <see cref="BindException"/> whose message names the listener;
    /// then everything is as it was. What it returns is to be accepted from by <see cref="SwitchAsync"/>, or unbound.
    /// </summary>
    public async Task<IReadOnlyList<BoundAddress>> BindNewAsync(ModelSnapshot snapshot, CancellationToken cancellationToken)
    {
        List<BoundAddress> bound = [];
        try
        {
            foreach ((AddressKey key, ListenerState listener, ListenAddress address) in AddressesOf(snapshot))
            {
                if (Array.Find(_bound, known => known.Key == key) is not { } known)
                    bound.Add(new BoundAddress(key, await BindAsync(listener, address, cancellationToken)) { Listener = listener, IsTransparent = listener.Config.Transparent });
                else if (listener.Config.Transparent)
                    SetTransparent(known, listener); // may be forbidden, unlike taking it back
            }
        }
        catch
        {
            await AbandonAsync(bound);
            throw;
        }

        _bound = [.. _bound, .. bound];
        return bound;
    }

    /// <summary>
    /// Goes over to a snapshot that is in force already and whose addresses are bound: from now on connections are accepted for it.
    /// Addresses that it does not have are unbound; who waits there is still accepted, by the listener as it was.
    /// </summary>
    public async Task SwitchAsync(ModelSnapshot snapshot)
    {
        Dictionary<AddressKey, ListenerState> wanted = AddressesOf(snapshot).ToDictionary(one => one.Key, one => one.Listener);
        foreach (BoundAddress bound in _bound.Where(bound => wanted.ContainsKey(bound.Key)))
        {
            if (bound.Loops.Length == 0)
                Accept(bound, snapshot);
            else if (wanted[bound.Key] is var listener && listener != bound.Listener)
                await HandAsync(bound, listener, snapshot);
            SetTransparent(bound, bound.Listener!);
        }

        foreach (ListenerState listener in snapshot.Listeners)
            listener.Accepting = true;
        BoundAddress[] gone = [.. _bound.Where(bound => !wanted.ContainsKey(bound.Key))];
        foreach (BoundAddress bound in gone)
        {
            await UnbindAsync(bound, CancellationToken.None);
            replaced.Add(bound.Loops.Select(loop => loop.Handler));
            _bound = [.. _bound.Where(one => one != bound)];
        }
    }

    /// <summary>Accepts nothing more; completes when every accept loop has ended. Connections are not touched.</summary>
    public async Task UnbindAsync(CancellationToken cancellationToken)
    {
        foreach (ListenerState listener in model.Listeners)
            listener.Accepting = false;
        foreach (BoundAddress bound in _bound)
            await UnbindAsync(bound, cancellationToken);
    }

    /// <summary>Gives addresses back that nothing was accepted from.</summary>
    public async Task AbandonAsync(IReadOnlyList<BoundAddress> bound)
    {
        _bound = [.. _bound.Where(one => !bound.Contains(one))];
        foreach (BoundAddress kept in _bound)
            SetTransparent(kept, kept.Listener!);
        await CloseAsync(bound);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync(_bound);
        _bound = [];
    }

    private static IEnumerable<(AddressKey Key, ListenerState Listener, ListenAddress Address)> AddressesOf(ModelSnapshot snapshot)
    {
        foreach (ListenerState listener in snapshot.Listeners)
        {
            int number = 0;
            foreach (ListenAddress address in listener.Config.Listen)
            {
                AddressKey key = address.EndPoint is IPEndPoint { Port: 0 } ? new(address.EndPoint, listener.Config.Name, number++) : new(address.EndPoint);
                yield return (key, listener, address);
            }
        }
    }

    private async Task CloseAsync(IEnumerable<BoundAddress> addresses)
    {
        foreach (IConnectionListener queue in addresses.SelectMany(bound => bound.Queues))
        {
            own.Remove(queue.EndPoint);
            await queue.DisposeAsync();
        }
    }

    private async Task UnbindAsync(BoundAddress bound, CancellationToken cancellationToken)
    {
        foreach (IConnectionListener queue in bound.Queues)
            await queue.UnbindAsync(cancellationToken);
        await bound.Accepting.WaitAsync(cancellationToken);
        failures.Forget(bound.Queues[0].EndPoint);
        own.Remove(bound.Queues[0].EndPoint);
    }

    // On the sockets that are there: who waits in their queues is not touched.
    private void SetTransparent(BoundAddress bound, ListenerState listener)
    {
        bool isWanted = listener.Config.Transparent;
        if (isWanted == bound.IsTransparent)
            return;
        bound.IsTransparent = true; // of some of them, until all are
        foreach (IConnectionListener queue in bound.Queues)
        {
            if (transport.SetTransparent(queue, isWanted) is not Errno.None and var refused)
                throw Named(listener, BindException.ForTransparent(queue.EndPoint, refused));
        }

        bound.IsTransparent = isWanted;
    }

    private static BindException Named(ListenerState listener, BindException failure) =>
        new(failure.EndPoint, failure.Errno, $"listener {listener.Config.Name}: {failure.Message}");

    private void Accept(BoundAddress bound, ModelSnapshot snapshot)
    {
        bound.Loops = [.. bound.Queues.Select((_, queue) => loops.Create(loops.CreateHandler(bound.Listener!, snapshot, queue)))];
        bound.Accepting = Task.WhenAll(bound.Queues.Zip(bound.Loops, (queue, loop) => transport.RunAsync(queue, loop.RunAsync)));
    }

    private async Task HandAsync(BoundAddress bound, ListenerState listener, ModelSnapshot snapshot)
    {
        List<ConnectionHandler> before = [];
        bound.Listener = listener;
        failures.Attribute(bound.Queues[0].EndPoint, listener);
        for (int queue = 0; queue < bound.Loops.Length; queue++)
        {
            AcceptLoop loop = bound.Loops[queue];
            ConnectionHandler handler = loops.CreateHandler(listener, snapshot, queue);
            await transport.RunAsync(bound.Queues[queue], _ =>
            {
                before.Add(loop.Handler);
                loop.Handler = handler;
                return Task.CompletedTask;
            });
        }

        replaced.Add(before);
    }

    private async Task<IReadOnlyList<IConnectionListener>> BindAsync(ListenerState listener, ListenAddress address, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<IConnectionListener> queues = listener.Config.Transparent
                ? await transport.BindTransparentAsync(address.EndPoint)
                : await transport.BindAsync(address.EndPoint, cancellationToken);
            own.Add(queues[0].EndPoint);
            failures.Attribute(queues[0].EndPoint, listener);
            string where = address.EndPoint is IPEndPoint { Port: 0 } ? queues[0].EndPoint.ToString()! : address.Text;
            log.Listening(where, listener.Config.Name, listener.Config.Cluster);
            return queues;
        }
        catch (BindException failure)
        {
            throw Named(listener, failure);
        }
    }
}
