using System.Diagnostics;
using Sluice.Oracle.Ways;
using Sluice.Programs.Processes;

namespace Sluice.Soak.Report;

/// <summary>Looks at the daemon once a second until it is disposed.</summary>
internal sealed class Sampler : IAsyncDisposable
{
    private readonly SluiceProcess _sluice;
    private readonly Stopwatch _time = Stopwatch.StartNew();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Sample> _samples = [];
    private readonly Task _sampling;

    public Sampler(SluiceProcess sluice)
    {
        _sluice = sluice;
        _sampling = Task.Run(SampleAsync);
    }

    public IReadOnlyList<Sample> Samples
    {
        get
        {
            lock (_samples)
                return [.. _samples];
        }
    }

    /// <summary>Looks now.</summary>
    public async Task<Sample> LookAsync()
    {
        string metrics = await _sluice.MetricsAsync();
        double Sum(string metric) => new Measured(metric, "").In(metrics);
        return new Sample(
            _time.Elapsed.TotalSeconds, _sluice.Descriptors, _sluice.Threads, _sluice.ResidentKiB / 1024.0, Sum("sluice_map_entries"), Sum("sluice_reactor_timers"),
            Sum("sluice_reactor_held_bytes"), Sum("sluice_offload_active_directions"), Sum("sluice_server_active_connections"));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sampling;
        _stop.Dispose();
    }

    private async Task SampleAsync()
    {
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await tick.WaitForNextTickAsync(_stop.Token))
            {
                Sample sample = await LookAsync();
                lock (_samples)
                    _samples.Add(sample);
            }
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            Console.WriteLine($"No more samples: {gone.Message}"); // the load hears of it as well, and says why
        }
    }
}
