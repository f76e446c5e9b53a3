using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Upstreams.Health;

/// <summary>Probes one endpoint time and again, from <see cref="Start"/> until it is disposed, and tells its cluster what it makes of it.</summary>
/// <param name="cluster">Whose endpoint it is; it is configured to be probed.</param>
/// <param name="endpoint">The endpoint.</param>
/// <param name="slots">Bounds how many probes of all endpoints are under way.</param>
/// <param name="record">Hears of each outcome.</param>
/// <param name="clock">Measures the intervals.</param>
internal sealed class EndpointChecker(
    ClusterState cluster, EndpointState endpoint, SemaphoreSlim slots, Action<ProbeResult> record, TimeProvider clock) : IAsyncDisposable
{
    private readonly HealthCheckConfig _config = cluster.Config.HealthCheck!;
    private readonly HealthProbe _probe = new(cluster.Config.HealthCheck!, cluster.SentHeader?.Local() ?? [], clock);
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private bool _isKnown;
    private int _against;

    /// <summary>Begins, on the thread pool. Once.</summary>
    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Ends the probe under way and completes when there will be no other.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    /// <summary>Takes one outcome into account.</summary>
    internal void Judge(ProbeResult result)
    {
        bool isGood = result.IsGood;
        bool wasGood = !endpoint.Health.FailsChecks;
        if (isGood == wasGood)
        {
            (_isKnown, _against) = (true, 0);
            return;
        }

        // The first outcome decides alone: until then the endpoint was only taken for healthy.
        _against++;
        if (_isKnown && _against < (isGood ? _config.Rise : _config.Fall))
            return;
        string times = _against == 1 ? "a probe" : string.Create(CultureInfo.InvariantCulture, $"{_against} probes in a row");
        string cause = isGood ? $"{times} succeeded" : $"{times} failed, {result.Trouble}";
        (_isKnown, _against) = (true, 0);
        cluster.Mark(endpoint, HealthSource.Check, isGood, cause, result.Errno);
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                long began = clock.GetTimestamp();
                ProbeResult result;
                await slots.WaitAsync(_stop.Token);
                try
                {
                    result = await _probe.RunAsync(endpoint, _stop.Token);
                }
                finally
                {
                    slots.Release();
                }

                record(result);
                // Want of descriptors here says nothing of anybody else.
                if (result.Errno is not (Errno.EMFILE or Errno.ENFILE))
                    Judge(result);
                TimeSpan left = NextInterval() - clock.GetElapsedTime(began);
                await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    [SuppressMessage("Security", "CA5394", Justification = "Spreading load is no secret.")]
    private TimeSpan NextInterval() => _config.Interval * (1 + (((Random.Shared.NextDouble() * 2) - 1) * _config.Jitter / 100));
}
