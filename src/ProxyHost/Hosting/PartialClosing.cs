using Sluice.ProxyHost.Connections;

namespace Sluice.ProxyHost.Hosting;

/// <summary>Listeners and endpoints whose connections are to be closed at the same time, but for what is taken back before. One caller at a time.</summary>
/// <param name="drained">The live state of each: it outlasts reloads.</param>
internal sealed class PartialClosing(IEnumerable<object> drained) : IDisposable
{
    private readonly HashSet<object> _drained = [.. drained];
    private readonly CancellationTokenSource _cancelled = new();

    /// <summary>Cancelled once nothing is left to be closed.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    /// <summary>Whether a connection is of one of those listeners, or to one of those endpoints.</summary>
    public static bool IsOf(IReadOnlyCollection<object> drained, ProxiedConnection connection) =>
        drained.Contains(connection.Listener.Live) || (connection.Endpoint is { } endpoint && drained.Contains(endpoint.Live));

    /// <summary>Whether it is still to be closed.</summary>
    public bool Has(object live) => _drained.Contains(live);

    /// <summary>Whether a connection is one of those that are to be closed.</summary>
    public bool Concerns(ProxiedConnection connection) => IsOf(_drained, connection);

    /// <summary>These are in use again.</summary>
    public void TakeBack(IEnumerable<object> live)
    {
        _drained.ExceptWith(live);
        if (_drained.Count == 0)
            Cancel();
    }

    /// <summary>Closes nothing more. What waits for that hears of it on another thread.</summary>
    public void Cancel() => _ = _cancelled.CancelAsync();

    public void Dispose() => _cancelled.Dispose();
}
