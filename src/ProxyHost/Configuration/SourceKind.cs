namespace Sluice.ProxyHost.Configuration;

/// <summary>Which address a cluster's servers see connections come from.</summary>
public enum SourceKind
{
    /// <summary>This host's, as its routes have it.</summary>
    Proxy,
    /// <summary>The client's, from a port that the kernel chooses.</summary>
    Client,
    /// <summary>The client's, from the client's own port.</summary>
    ClientAndPort,
}
