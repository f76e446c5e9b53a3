using Sluice.Redirect;

namespace Sluice.ProxyHost.Admin;

/// <summary>What TCP knew of a socket, as /recorder shows it.</summary>
internal sealed record TcpView(
    string State,
    double RttSeconds,
    double RttVarianceSeconds,
    long Retransmissions,
    long UnacknowledgedSegments,
    long BytesAcknowledged,
    long BytesReceived,
    long BytesNotSent)
{
    /// <summary>Null where nothing was known.</summary>
    public static TcpView? Of(TcpFacts? facts) => facts is null
        ? null
        : new(
            facts.State,
            facts.RoundTrip.TotalSeconds,
            facts.RoundTripVariance.TotalSeconds,
            facts.Retransmissions,
            facts.UnacknowledgedSegments,
            facts.BytesAcknowledged,
            facts.BytesReceived,
            facts.BytesNotSent);
}
