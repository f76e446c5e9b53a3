using System.Net;
using Microsoft.AspNetCore.Connections;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Logging;
using Sluice.ProxyHost.Model;
using Sluice.Redirect.Transports;

namespace Sluice.ProxyHost.Listeners;

/// <summary>All listeners: bound together or not at all, accepting from one moment, unbound together.</summary>
internal sealed class ListenerSet(
    ITransport transport,
    ProxyModel model,
    AcceptLoops loops,
    AcceptFailures failures,
    ILogger<ListenerSet> log) : IAsyncDisposable
{
    private readonly List<BoundListener> _bound = [];
    private Task _accepting = Task.CompletedTask;

    /// <summary>What is bound, with the ports that the kernel chose.</summary>
    public IReadOnlyList<BoundListener> Bound => _bound;

    /// <summary>Binds every address of every listener. Throws <see cref="StartException"/>, and then nothing stays bound.</summary>
    public async Task BindAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (ListenerState listener in model.Listeners)
            {
                foreach (ListenAddress address in listener.Config.Listen)
                    await BindAsync(listener, address, cancellationToken);
            }
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts to accept. Whoever connected since the bind has waited in the backlog.</summary>
    public void Accept()
    {
        foreach (ListenerState listener in model.Listeners)
            listener.Accepting = true;
        _accepting = Task.WhenAll(_bound.ConvertAll(bound => transport.RunAsync(bound.Queue, loops.Create(bound.Listener).RunAsync)));
    }

    /// <summary>Accepts nothing more; completes when every accept loop has ended. Connections are not touched.</summary>
    public async Task UnbindAsync(CancellationToken cancellationToken)
    {
        foreach (ListenerState listener in model.Listeners)
            listener.Accepting = false;
        foreach (BoundListener bound in _bound)
            await bound.Queue.UnbindAsync(cancellationToken);
        await _accepting.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (BoundListener bound in _bound)
            await bound.Queue.DisposeAsync();
        _bound.Clear();
    }

    private async Task BindAsync(ListenerState listener, ListenAddress address, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<IConnectionListener> queues = await transport.BindAsync(address.EndPoint, cancellationToken);
            foreach (IConnectionListener queue in queues)
            {
                _bound.Add(new(listener, queue));
                failures.Attribute(queue.EndPoint, listener);
            }

            string where = address.EndPoint is IPEndPoint { Port: 0 } ? queues[0].EndPoint.ToString()! : address.Text;
            log.Listening(where, listener.Config.Name, listener.Config.Cluster);
        }
        catch (BindException failure)
        {
            throw new StartException($"listener {listener.Config.Name}: {failure.Message}", failure);
        }
    }
}
