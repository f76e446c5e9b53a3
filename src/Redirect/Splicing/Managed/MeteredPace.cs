using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Splicing.Managed;

/// <summary>The pace of one direction of a connection, which counts for all connections of its terms.</summary>
internal sealed class MeteredPace(Bandwidth bandwidth, Direction direction, ByteRate rate, long now)
    : ReceivePace(rate.BytesPerSecond, rate.Burst, bandwidth.IsDryRun, now)
{
    /// <summary>Has a connection's sockets receive as fast as its terms allow.</summary>
    internal static void Apply(Bandwidth bandwidth, StreamSocket client, StreamSocket upstream)
    {
        if (bandwidth.FromClient is { } fromClient)
            client.PaceBy(new MeteredPace(bandwidth, Direction.FromClient, fromClient, client.Reactor.Now));
        if (bandwidth.FromUpstream is { } fromUpstream)
            upstream.PaceBy(new MeteredPace(bandwidth, Direction.FromUpstream, fromUpstream, client.Reactor.Now));
    }

    private protected override void Count(long bytes, long microseconds) =>
        bandwidth.Meter.Add(direction, bandwidth.IsDryRun, bytes, microseconds);
}
