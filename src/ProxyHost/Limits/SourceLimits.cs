using Sluice.ProxyHost.Configuration;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Limits;

/// <summary>What limits say of a connection.</summary>
/// <param name="Reason">The limit it is over; None where it is over none.</param>
/// <param name="IsDryRun">Whether it is let in all the same.</param>
internal readonly record struct SourceVerdict(EndReason Reason, bool IsDryRun)
{
    public bool IsRefused => Reason != EndReason.None && !IsDryRun;
}

/// <summary>The limits of each source. Immutable.</summary>
internal readonly struct SourceLimits(PerSourceConfig config, long frequency)
{
    private readonly TokenBucket? _bucket = config.Rate is { } rate ? new(rate, frequency) : null;
    private readonly bool _isRateDry = config.Rate is { DryRun: true };

    /// <summary>Judges one more connection of a source that has so many open, and takes a token of its bucket.</summary>
    public SourceVerdict Judge(int open, ref long fullAt, long now)
    {
        bool isOver = config.MaxConnections is { } most && open >= most;
        if (isOver && !config.DryRun)
            return new(EndReason.SourceLimit, false);
        if (_bucket?.TryTake(ref fullAt, now) == false)
            return new(EndReason.SourceRate, _isRateDry);
        return isOver ? new(EndReason.SourceLimit, true) : default;
    }
}
