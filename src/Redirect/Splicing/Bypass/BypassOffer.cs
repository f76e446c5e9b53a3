using Sluice.Redirect.Splicing.Kernel;
using Sluice.Redirect.Splicing.Pairs;

namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>
/// Stands for the <see cref="PairBypass"/> of every connection that is not known to be more than short: one object for all that have the
/// same path after it and are judged alike. A connection that cannot go past the proxy is offered to that.
/// </summary>
internal sealed class BypassOffer(ReactorBypass reactor, IPairOffload? next, SplicePlans plans) : IPairOffload
{
    public void Drained(RunningPair splice, Direction side)
    {
        if (++splice.TimesDrained < reactor.Engine.Options.ReadsBefore
            || !splice.IsAtRest(Direction.FromClient, out _) || !splice.IsAtRest(Direction.FromUpstream, out _))
            return;

        splice.Offload = PairBypass.TryPromote(splice, reactor, plans) ?? next;
        if (splice.Offload == next)
            next?.Drained(splice, side);
    }

    public void CountProgress()
    {
    }

    public bool Bypasses(Direction side) => false;

    public void Demote(RunningPair splice) => splice.Offload = null; // it is never offered

    public void OnClosing()
    {
    }

    public void OnClosed()
    {
    }
}
