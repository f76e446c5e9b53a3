using System.Collections.Immutable;

namespace Sluice.ProxyHost.Model.Discovery;

/// <summary>What is known of a name at one moment. Immutable.</summary>
internal sealed record NameStanding
{
    /// <summary>Before the first look-up has ended.</summary>
    public static NameStanding Unknown { get; } = new();

    /// <summary>The last good answer; empty: there is none, or it has expired.</summary>
    public ImmutableArray<DiscoveredAddress> Addresses { get; init; } = [];

    /// <summary>The TTL of that answer.</summary>
    public TimeSpan Ttl { get; init; }

    /// <summary>When that answer came; null: there is none.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>The same by the clock that nobody can set: <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long AnswerStamp { get; init; }

    /// <summary>What went wrong since, the last time.</summary>
    public LookupFailure Failure { get; init; }

    /// <summary>The same in words.</summary>
    public string? Trouble { get; init; }

    /// <summary>When that was.</summary>
    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>Look-ups in a row that failed.</summary>
    public int Failures { get; init; }

    /// <summary>When it is looked up next; null: it is being looked up.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>There is no answer, and one may still come at any moment.</summary>
    public bool IsPending => AnsweredAt is null && !Failure.IsDefinite();
}
