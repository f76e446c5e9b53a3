using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing.Pairs;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Splicing.Managed;

/// <summary>
/// One spliced connection that no program looks at: two flows. Each ends by itself (FIN follows its last byte). When a socket
/// fails, what it had sent before is delivered to the other one, then that one is reset: an RST stays an RST.
/// </summary>
internal sealed class ManagedSplice : RunningPair
{
    private readonly Flow _fromClient;
    private readonly Flow _fromUpstream;

    internal ManagedSplice(SplicePair pair, StreamSocket client, StreamSocket upstream, bool useSplice)
        : base(pair, client)
    {
        _fromClient = new Flow(this, client, upstream, useSplice);
        _fromUpstream = new Flow(this, upstream, client, useSplice);
    }

    /// <summary>Whose bytes a flow of it moves.</summary>
    internal Direction DirectionOf(Flow flow) => flow == _fromClient ? Direction.FromClient : Direction.FromUpstream;

    /// <summary>The socket that <paramref name="side"/>'s bytes come from failed, in whichever operation.</summary>
    internal void Failed(Direction side, Errno errno)
    {
        if (IsCompleted)
            return;

        Blame(SocketEnds.ReasonFor(side, errno), errno, side);
        (Flow from, Flow to) = side == Direction.FromClient ? (_fromClient, _fromUpstream) : (_fromUpstream, _fromClient);
        to.Stop();
        if (from.IsStopped || from.Source.GoesOn) // else its rest would be waited for as long as it sends
            ResetNow();
        else
            from.DeliverRest();
    }

    /// <summary>All that a failed source had sent is in the sink's send queue.</summary>
    internal void RestDelivered(StreamSocket sink) => ResetWhenAcknowledged(sink);

    internal override bool IsAtRest(Direction side, out StandingVerdict standing)
    {
        standing = default;
        return (side == Direction.FromClient ? _fromClient : _fromUpstream).IsAtRest;
    }

    private protected override void Start()
    {
        _fromClient.Start();
        _fromUpstream.Start();
    }

    private protected override void Stop()
    {
        _fromClient.Stop();
        _fromUpstream.Stop();
    }
}
