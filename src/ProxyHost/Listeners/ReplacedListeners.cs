using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Model;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Transports;
using ConnectionHandler = Sluice.ProxyHost.Connections.ConnectionHandler;

namespace Sluice.ProxyHost.Listeners;

/// <summary>
/// Listeners that another configuration has taken the place of, while their connections go on: with the last of these their maps
/// are given back. Looked at now and then; being told would cost every connection something at its end. One call at a time.
/// </summary>
internal sealed class ReplacedListeners(ITransport transport, ConnectionTable table, ProxyModel model)
{
    private readonly List<ConnectionHandler> _handlers = [];

    /// <summary>Configurations of listeners that still have connections.</summary>
    public int Count => _handlers.Select(handler => handler.Listener).Distinct().Count();

    /// <summary>These get no connection any more.</summary>
    public void Add(IEnumerable<ConnectionHandler> handlers)
    {
        foreach (ConnectionHandler handler in handlers)
        {
            _handlers.Add(handler);
            ListenerState listener = handler.Listener;
            if (!listener.Live.Replaced.Contains(listener))
                listener.Live.Replace(listener);
        }
    }

    /// <summary>Gives back what nobody needs any more.</summary>
    public async Task SweepAsync()
    {
        foreach (ConnectionHandler handler in _handlers.Where(handler => handler.Live.Count == 0).ToArray())
        {
            table.RemoveShard(handler.Live);
            _handlers.Remove(handler);
            if (_handlers.All(other => other.Listener != handler.Listener) && !model.Listeners.Contains(handler.Listener))
                await ForgetAsync(handler.Listener);
        }
    }

    private async Task ForgetAsync(ListenerState listener)
    {
        bool areShared = IsUsed(listener.Maps);
        // What is shared goes on counting.
        listener.Live.Forget(listener, (program, rule) => areShared ? 0 : model.Offload.CountOf(listener, program, rule));
        if (!areShared)
            await transport.ReleaseAsync(listener.Maps);
    }

    private bool IsUsed(SpliceMaps maps) =>
        model.Listeners.Any(listener => listener.Maps == maps) || _handlers.Any(handler => handler.Listener.Maps == maps);
}
