namespace Sluice.Load.Proxies;

/// <summary>No proxy: the client speaks to the servers themselves.</summary>
internal sealed class DirectConnection(ServicePorts servers) : IProxy
{
    public string Name => "direct";

    public bool BulkOnly => false;

    public string? Version => null;

    public ServicePorts Ports => servers;

    public int? AdminPort => null;

    public ChildProcess? Start() => null;
}
