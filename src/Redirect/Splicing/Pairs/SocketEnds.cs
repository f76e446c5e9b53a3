namespace Sluice.Redirect.Splicing.Pairs;

/// <summary>What the failure of a socket means for the connection it belongs to.</summary>
internal static class SocketEnds
{
    /// <summary>The end reason when the socket of <paramref name="side"/> failed with <paramref name="errno"/>.</summary>
    internal static EndReason ReasonFor(Direction side, Errno errno) => (side, errno) switch
    {
        (Direction.FromClient, Errno.ECONNRESET or Errno.EPIPE) => EndReason.ClientReset,
        (Direction.FromClient, _) => EndReason.ClientError,
        (_, Errno.ECONNRESET or Errno.EPIPE) => EndReason.UpstreamReset,
        _ => EndReason.UpstreamError,
    };
}
