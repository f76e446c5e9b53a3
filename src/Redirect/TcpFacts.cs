namespace Sluice.Redirect;

/// <summary>What TCP knew of a socket at one moment (TCP_INFO). Immutable.</summary>
/// <param name="State">The kernel's word: ESTABLISHED, CLOSE_WAIT, CLOSE and so on.</param>
/// <param name="RoundTrip">The smoothed round trip time; zero where none was measured.</param>
/// <param name="RoundTripVariance">Its mean deviation.</param>
/// <param name="Retransmissions">Segments sent again since the connection began.</param>
/// <param name="UnacknowledgedSegments">Segments sent that the other end has not acknowledged.</param>
/// <param name="BytesAcknowledged">Of what this socket sent, since the connection began; a SYN and a FIN count as one each.</param>
/// <param name="BytesReceived">What has arrived in order, read or not; a FIN counts as one.</param>
/// <param name="BytesNotSent">What lay in the send queue and had not been sent for the first time.</param>
public sealed record TcpFacts(
    string State,
    TimeSpan RoundTrip,
    TimeSpan RoundTripVariance,
    long Retransmissions,
    long UnacknowledgedSegments,
    long BytesAcknowledged,
    long BytesReceived,
    long BytesNotSent);
