using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing.Pairs;

namespace Sluice.Redirect.Splicing.Managed;

/// <summary>
/// One spliced connection that no program looks at: two flows. Each ends by itself (FIN follows its last byte). When a socket
/// fails, what it had sent before is delivered to the other one, then that one is reset: an RST stays an RST.
/// </summary>
internal class ManagedSplice : RunningPair
{
    private readonly Flow _fromClient;
    private readonly Flow _fromUpstream;

    internal ManagedSplice(SplicePair pair, StreamSocket client, StreamSocket upstream, bool useSplice)
        : base(pair, client)
    {
        _fromClient = new Flow(this, Direction.FromClient, client, upstream, useSplice);
        _fromUpstream = new Flow(this, Direction.FromUpstream, upstream, client, useSplice);
    }

    /// <summary>The socket that <paramref name="side"/>'s bytes come from failed, in whichever operation.</summary>
    internal virtual void Failed(Direction side, Errno errno)
    {
        if (IsCompleted)
            return;

        Blame(SocketEnds.ReasonFor(side, errno), errno, side);
        (Flow from, Flow to) = side == Direction.FromClient ? (_fromClient, _fromUpstream) : (_fromUpstream, _fromClient);
        to.Stop();
        if (from.IsStopped)
            ResetNow();
        else
            from.DeliverRest();
    }

    /// <summary>A flow has received all there was.</summary>
    internal virtual void Drained()
    {
    }

    /// <summary>Both directions are open, and neither holds a byte.</summary>
    private protected bool IsAtRest => _fromClient.IsAtRest && _fromUpstream.IsAtRest;

    /// <summary>All that a failed source had sent is in the sink's send queue.</summary>
    internal void RestDelivered(StreamSocket sink) => ResetWhenAcknowledged(sink);

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
