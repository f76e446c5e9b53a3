using Sluice.ProxyHost.Model;

namespace Sluice.ProxyHost.Hosting;

/// <summary>Whether new connections are welcome. Safe from any thread.</summary>
internal sealed class Readiness(ProxyModel model)
{
    private volatile bool _started;
    private volatile bool _draining;

    /// <summary>Everything is bound and accepting.</summary>
    public void Started() => _started = true;

    /// <summary>The daemon is stopping; there is no way back.</summary>
    public void Draining() => _draining = true;

    /// <summary>Why not ready, in words; null when ready.</summary>
    public string? Obstacle()
    {
        if (_draining)
            return "draining";
        if (!_started)
            return "starting";
        foreach (ListenerState listener in model.Listeners)
        {
            if (!listener.Accepting)
                return $"listener {listener.Config.Name} is not accepting";
        }

        return model.Listeners.All(listener => listener.Live.IsDraining) ? "every listener is being drained" : null;
    }
}
