using Microsoft.AspNetCore.Connections;
using Sluice.ProxyHost.Logging;
using ConnectionHandler = Sluice.ProxyHost.Connections.ConnectionHandler;

namespace Sluice.ProxyHost.Listeners;

/// <summary>Accepts from one accept queue until it is unbound. Want of descriptors is the transport's to sit out.</summary>
internal sealed class AcceptLoop(ConnectionHandler handler, ILogger<AcceptLoop> log)
{
    private volatile ConnectionHandler _handler = handler;

    /// <summary>
    /// Who gets the connections. Set where the loop runs, it goes for every connection from then on: none is under way to the
    /// handler before.
    /// </summary>
    public ConnectionHandler Handler { get => _handler; set => _handler = value; }

    /// <summary>Completes when the queue is unbound, or when a defect ends accepting; then the listener is no longer ready.</summary>
    public async Task RunAsync(IConnectionListener queue)
    {
        try
        {
            // Accepting ends where it began: this goes on there at once, without the way through the reactor's queue.
            while (await queue.AcceptAsync().ConfigureAwait(false) is { } client)
                _ = _handler.RunAsync(client);
        }
        catch (Exception defect)
        {
            log.AcceptEnded(defect, _handler.Listener.Config.Name);
            _handler.Listener.Accepting = false;
        }
    }
}
