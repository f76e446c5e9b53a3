namespace Sluice.Redirect;

/// <summary>
/// Why a proxied connection ended. Every connection has exactly one; where several things happen, the first wins.
/// </summary>
public enum EndReason : byte
{
    /// <summary>It has not ended.</summary>
    None = 0,

    /// <summary>Both ends closed their sending side (FIN) and everything was delivered.</summary>
    Completed,
    /// <summary>The client sent RST, passed on to the upstream as RST.</summary>
    ClientReset,
    /// <summary>The upstream sent RST, passed on to the client as RST.</summary>
    UpstreamReset,
    /// <summary>The client's socket failed otherwise, for example ETIMEDOUT or EHOSTUNREACH.</summary>
    ClientError,
    /// <summary>The upstream's socket failed otherwise, for example ETIMEDOUT or EHOSTUNREACH.</summary>
    UpstreamError,
    /// <summary>Neither direction moved a byte for the idle timeout.</summary>
    IdleTimeout,
    /// <summary>One side had closed and the other direction moved no byte for the half-closed idle timeout.</summary>
    HalfClosedIdleTimeout,
    /// <summary>The connection reached its maximum duration.</summary>
    MaxDuration,
    /// <summary>The daemon was stopping and the drain timeout had passed.</summary>
    Drained,
    /// <summary>An operator ended it.</summary>
    Aborted,
    /// <summary>A defect of ours; the log has the evidence.</summary>
    InternalError,
    /// <summary>A verdict program or stream parser threw, returned nonsense or never came to an end.</summary>
    ProgramFault,
    /// <summary>A rule's verdict was reset.</summary>
    RuleReset,
    /// <summary>The listener has programs, and its sockhash refused the connection's sockets; the errno says why.</summary>
    MapRefused,

    /// <summary>Refused: the listener had as many connections as it may have.</summary>
    ListenerLimit,
    /// <summary>Refused: the cluster had as many connections as it may have.</summary>
    ClusterLimit,
    /// <summary>Refused: the cluster has no endpoint to try.</summary>
    NoEndpoint,
    /// <summary>No endpoint could be connected to; the last attempt ended with an error, for example ECONNREFUSED.</summary>
    ConnectFailed,
    /// <summary>No endpoint could be connected to; the last attempt took longer than the connect timeout.</summary>
    ConnectTimeout,
    /// <summary>Its listener or endpoint was being drained, and both its streams were between two messages: closed with FIN.</summary>
    DrainedBetweenMessages,
    /// <summary>Refused: the listener is being drained.</summary>
    ListenerDraining,
    /// <summary>Refused: every endpoint had as many connections as it may have, and none may wait.</summary>
    EndpointLimit,
    /// <summary>Refused: every endpoint had as many connections as it may have, and as many waited as may.</summary>
    QueueOverflow,
    /// <summary>It waited for a place at an endpoint for as long as it may.</summary>
    QueueTimeout,
    /// <summary>Its endpoint became unhealthy, and the cluster closes such connections.</summary>
    EndpointUnhealthy,

    /// <summary>Refused: the listener requires a PROXY header, and only from sources that it trusts; this is none.</summary>
    ProxyHeaderUntrusted,
    /// <summary>Refused: what the connection begins with is no PROXY header, or breaks its format.</summary>
    ProxyHeaderInvalid,
    /// <summary>Refused: the stream ended, or the time was over, before the PROXY header was whole.</summary>
    ProxyHeaderIncomplete,
    /// <summary>Refused: the listener's address lists do not let the client's address in.</summary>
    AddressDenied,
    /// <summary>Refused: more new connections came to the listener than its rate allows.</summary>
    ListenerRate,
    /// <summary>Refused: more new connections came from the source than its rate allows.</summary>
    SourceRate,
    /// <summary>Refused: the source had as many connections as it may have.</summary>
    SourceLimit,
    /// <summary>An operator ended this one connection over the admin endpoint: closed with RST on both sides.</summary>
    ClosedByAdmin,

    /// <summary>Refused: what the connection was made to is one of our own listeners, so it would come back for ever.</summary>
    DestinationLoop,
    /// <summary>The cluster keeps the client's address, and the kernel or the address itself does not allow it; the errno says why.</summary>
    SourceRefused,
}
