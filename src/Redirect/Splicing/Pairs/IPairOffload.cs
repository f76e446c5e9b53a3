namespace Sluice.Redirect.Splicing.Pairs;

/// <summary>What offers running pairs to the kernel and keeps them there; one object for each or for several. Called on the pair's reactor.</summary>
internal interface IPairOffload
{
    /// <summary>All that came from this side has been received, and whoever moves its bytes holds none.</summary>
    void Drained(RunningPair splice, Direction side);

    /// <summary>What waited to be sent to one of the sockets was sent.</summary>
    void AllSent(RunningPair splice)
    {
    }

    /// <summary>Tells <see cref="RunningPair.Delivered"/> of what the kernel has moved since the last time.</summary>
    void CountProgress();

    /// <summary>The kernel gets its bytes no more. Also before it was ever offered.</summary>
    void Demote(RunningPair splice);

    /// <summary>True while this side's bytes go past whoever moves them in user space, but for those that do not.</summary>
    bool Bypasses(Direction side);

    /// <summary>Nothing more is moved, and both sockets are about to be closed.</summary>
    void OnClosing();

    /// <summary>Both sockets are closed.</summary>
    void OnClosed();
}
