using System.Diagnostics.CodeAnalysis;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Model.Discovery;

namespace Sluice.ProxyHost.Upstreams.Discovery;

/// <summary>Looks a name up time and again, from <see cref="Start"/> until it is disposed, and gives its cluster what it leads to.</summary>
/// <param name="cluster">Whose name it is.</param>
/// <param name="name">The name.</param>
/// <param name="lookup">Finds out.</param>
/// <param name="slots">Bounds how many look-ups are under way.</param>
/// <param name="report">Tells of it.</param>
/// <param name="clock">Measures intervals.</param>
internal sealed class NameWatch(
    ClusterState cluster, DiscoveredName name, INameLookup lookup, SemaphoreSlim slots, DiscoveryReport report, TimeProvider clock) : IAsyncDisposable
{
    private const double Jitter = 0.1;

    // Questions for services are followed by those for their targets; a library that does not come back is not waited for.
    private const int Patience = 3;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(30);
    private readonly DiscoveryConfig _config = cluster.Config.Discovery!;
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Begins, on the thread pool. Once.</summary>
    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Gives up the look-up under way and completes when there will be no other.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                TimeSpan wait = await OnceAsync();
                await Task.Delay(wait, clock, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    /// <summary>One look-up and what follows from it. Returns how long to wait before the next.</summary>
    internal async Task<TimeSpan> OnceAsync()
    {
        LookupResult result;
        await slots.WaitAsync(_stop.Token);
        try
        {
            name.Schedule(null);
            result = await LookUpAsync();
        }
        finally
        {
            slots.Release();
        }

        // Another watch may have taken over the name meanwhile.
        _stop.Token.ThrowIfCancellationRequested();
        NameStanding before = name.Standing;
        name.Record(result, clock, _config.ExpireAfter);
        (int added, int removed) = cluster.Discovery!.Apply(cluster);
        report.Tell(cluster, name, before, added, removed);
        TimeSpan wait = WaitAfter(name.Standing);
        name.Schedule(clock.GetUtcNow() + wait);
        return wait;
    }

    [SuppressMessage("Design", "CA1031", Justification = "A discovery that ends for a defect would leave addresses as they are for ever.")]
    private async Task<LookupResult> LookUpAsync()
    {
        try
        {
            return await lookup.LookUpAsync(name, _config, _stop.Token).WaitAsync(_config.Timeout * Patience, clock, _stop.Token);
        }
        catch (TimeoutException)
        {
            return LookupResult.Failed(LookupFailure.Timeout, "the look-up did not come to an end in time");
        }
        catch (Exception defect) when (defect is not OperationCanceledException || !_stop.IsCancellationRequested)
        {
            report.Tell(defect, cluster, name);
            return LookupResult.Failed(LookupFailure.Other, $"a defect, {defect.GetType().Name}: {defect.Message}");
        }
    }

    // Never later than asked for: proxies are spread by being early.
    [SuppressMessage("Security", "CA5394", Justification = "Spreading load is no secret.")]
    private TimeSpan WaitAfter(NameStanding standing)
    {
        TimeSpan wait = standing.Failures > 0 ? Backoff(standing.Failures) : _config.Interval > TimeSpan.Zero ? _config.Interval : Bounded(standing.Ttl);
        if (standing is { Failures: > 0, AnsweredAt: not null } && _config.ExpireAfter > TimeSpan.Zero)
        {
            TimeSpan left = _config.ExpireAfter - clock.GetElapsedTime(standing.AnswerStamp);
            wait = left < wait ? left > FirstRetry ? left : FirstRetry : wait;
            return wait;
        }

        return wait * (1 - (Random.Shared.NextDouble() * Jitter));
    }

    private TimeSpan Bounded(TimeSpan ttl) => ttl < _config.MinTtl ? _config.MinTtl : ttl > _config.MaxTtl ? _config.MaxTtl : ttl;

    private static TimeSpan Backoff(int failures)
    {
        TimeSpan wait = FirstRetry * Math.Pow(2, Math.Min(failures, 10) - 1);
        return wait < LastRetry ? wait : LastRetry;
    }
}
