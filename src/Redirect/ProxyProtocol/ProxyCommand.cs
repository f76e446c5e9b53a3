namespace Sluice.Redirect.ProxyProtocol;

/// <summary>What a header says of the connection that it begins.</summary>
public enum ProxyCommand : byte
{
    /// <summary>The sender opened it for itself, for a health check say: the socket's own addresses are the true ones.</summary>
    Local = 0,

    /// <summary>It is relayed for somebody, whose addresses the header has.</summary>
    Proxy = 1,
}
