namespace Sluice.Redirect.Splicing.Pairs;

/// <summary>Offers running pairs to a further path of the kernel, before the one that is known already.</summary>
internal interface IPairOfferer
{
    /// <summary>What is to be called for this pair instead of <paramref name="next"/>, and may hand it on; or just that. On the pair's reactor.</summary>
    IPairOffload? Offer(RunningPair splice, SplicePair pair, IPairOffload? next);
}
