using Sluice.ProxyHost.Connections;

namespace Sluice.ProxyHost.Logging;

/// <summary>Writes down the evidence of defects that ended connections, at most five a second. Safe from any thread.</summary>
internal sealed class DefectLog(ILogger<DefectLog> log)
{
    private readonly LogGate _gate = new(perSecond: 5);

    /// <summary>A defect met while this connection was served.</summary>
    public void Report(ProxiedConnection connection, Exception defect)
    {
        if (_gate.TryPass(out string note))
            log.ConnectionDefect(defect, connection.Id, connection.ClientAddress, connection.Listener.Config.Name, note);
    }
}
