using Sluice.Redirect.Splicing.Pairs;

namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>
/// Stands for the <see cref="PairOffload"/> of every connection that is not known to be more than short: one object for all that
/// are judged alike on a reactor. Most connections never come to need one of their own.
/// </summary>
internal sealed class PairOffer(ReactorOffload reactor, SpliceSockets sockets) : IPairOffload
{
    public void Drained(RunningPair splice, Direction side)
    {
        if (++splice.TimesDrained < reactor.Engine.Options.ReadsBefore)
            return;

        splice.Offload = new PairOffload(splice, reactor, sockets);
        splice.Offload.Drained(splice, side);
    }

    public void CountProgress()
    {
    }

    public void Demote(RunningPair splice) => splice.Offload = null; // it is never offered

    public bool Bypasses(Direction side) => false;

    public void OnClosing()
    {
    }

    public void OnClosed()
    {
    }
}
