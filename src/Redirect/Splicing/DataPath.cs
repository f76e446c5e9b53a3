namespace Sluice.Redirect.Splicing;

/// <summary>The machinery that carries a direction's bytes at a given moment.</summary>
public enum DataPath : byte
{
    /// <summary>recv and send through the reactor's one read buffer.</summary>
    Copy = 0,
    /// <summary>splice(2) through a kernel pipe: no byte enters user space.</summary>
    Splice = 1,
    /// <summary>System.IO.Pipelines, for transports other than the reactor.</summary>
    Pipe = 2,
    /// <summary>The kernel's sockmap redirects it from socket to socket; no byte enters user space.</summary>
    Sockmap = 3,
    /// <summary>A local application's own send puts it into the send queue of the proxy's socket to the receiver: the proxy never runs.</summary>
    Bypass = 4,
}
