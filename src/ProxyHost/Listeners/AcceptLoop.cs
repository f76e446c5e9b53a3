using Microsoft.AspNetCore.Connections;
using Sluice.ProxyHost.Logging;
using Sluice.ProxyHost.Model;
using ConnectionHandler = Sluice.ProxyHost.Connections.ConnectionHandler;

namespace Sluice.ProxyHost.Listeners;

/// <summary>Accepts from one accept queue until it is unbound. Want of descriptors is the transport's to sit out.</summary>
internal sealed class AcceptLoop(ListenerState listener, ConnectionHandler handler, ILogger<AcceptLoop> log)
{
    /// <summary>Completes when the queue is unbound, or when a defect ends accepting; then the listener is no longer ready.</summary>
    public async Task RunAsync(IConnectionListener queue)
    {
        try
        {
            // Accepting ends where it began: this goes on there at once, without the way through the reactor's queue.
            while (await queue.AcceptAsync().ConfigureAwait(false) is { } client)
                _ = handler.RunAsync(client);
        }
        catch (Exception defect)
        {
            log.AcceptEnded(defect, listener.Config.Name);
        }
        finally
        {
            listener.Accepting = false;
        }
    }
}
