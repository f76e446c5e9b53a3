using System.Collections.Immutable;
using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Model.Discovery;

/// <summary>
/// A host name of a cluster and what it leads to. It stays when the cluster's configuration changes. Safe from any thread.
/// </summary>
/// <param name="text">As the endpoint is written.</param>
/// <param name="host">The name to ask for.</param>
/// <param name="port">The port of its addresses; 0 where SRV records have it.</param>
/// <param name="type">What it is asked for.</param>
internal sealed class DiscoveredName(string text, string host, int port, DiscoveryType type)
{
    private readonly Lock _lock = new();
    private readonly long[] _lookups = new long[LookupFailureNames.Count];
    private volatile NameStanding _standing = NameStanding.Unknown;
    private volatile TaskCompletionSource _changed = NewChange();

    public string Text { get; } = text;

    public string Host { get; } = host;

    public int Port { get; } = port;

    public DiscoveryType Type { get; } = type;

    /// <summary>What is known of it now.</summary>
    public NameStanding Standing => _standing;

    /// <summary>Ends when something else is known. Read it before <see cref="Standing"/>.</summary>
    public Task Changed => _changed.Task;

    /// <summary>Look-ups that ended so.</summary>
    public long Lookups(LookupFailure failure) => Interlocked.Read(ref _lookups[(int)failure]);

    /// <summary>A look-up has ended. One that failed leaves the last good answer as it is.</summary>
    /// <param name="result">Its outcome.</param>
    /// <param name="clock">The time of day is for people to read; ages go by its timestamps, since a clock can be set.</param>
    /// <param name="expireAfter">How old the last good answer may become; zero: as old as it likes.</param>
    public void Record(LookupResult result, TimeProvider clock, TimeSpan expireAfter)
    {
        Interlocked.Increment(ref _lookups[(int)result.Failure]);
        lock (_lock)
            _standing = After(_standing, result, clock, expireAfter);
        Interlocked.Exchange(ref _changed, NewChange()).SetResult();
    }

    /// <summary>Says when it is looked up next.</summary>
    public void Schedule(DateTimeOffset? next)
    {
        lock (_lock)
            _standing = _standing with { NextAt = next };
    }

    private static NameStanding After(NameStanding before, LookupResult result, TimeProvider clock, TimeSpan expireAfter)
    {
        if (result.Failure == LookupFailure.None)
        {
            ImmutableArray<DiscoveredAddress> kept = result.Missing is { } family
                ? [.. before.Addresses.Where(address => address.EndPoint.AddressFamily == family)]
                : [];
            return new NameStanding { Addresses = [.. result.Addresses.Union(kept)], Ttl = result.Ttl, AnsweredAt = clock.GetUtcNow(), AnswerStamp = clock.GetTimestamp() };
        }

        bool isExpired = expireAfter > TimeSpan.Zero && before.AnsweredAt is not null && clock.GetElapsedTime(before.AnswerStamp) >= expireAfter;
        return (isExpired ? NameStanding.Unknown : before) with
        {
            Failure = result.Failure,
            Trouble = result.Trouble,
            FailedAt = clock.GetUtcNow(),
            Failures = before.Failures + 1,
            NextAt = null,
        };
    }

    // Who waits goes on elsewhere, never within the look-up.
    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
