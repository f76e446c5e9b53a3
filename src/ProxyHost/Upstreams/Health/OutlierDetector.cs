using System.Globalization;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Upstreams.Health;

/// <summary>
/// Judges one endpoint by what becomes of attempts to connect to it: after some failures in a row, or too many in a window of
/// time, it is out for a while, and for longer when that comes again soon. Safe from any thread; takes a lock for a few additions.
/// </summary>
internal sealed class OutlierDetector(ClusterState cluster, EndpointState endpoint, OutlierDetectionConfig config, TimeProvider clock) : IDisposable
{
    private readonly Lock _lock = new();
    private int _inARow;
    private int _attempts;
    private int _failures;
    private long _windowBegan = clock.GetTimestamp();
    private bool _isEjecting;
    private bool _isDisposed;
    private int _recent;
    private long _returnedAt;
    private long _ejections;
    private ITimer? _return;

    /// <summary>How often it was taken out.</summary>
    public long Ejections => Interlocked.Read(ref _ejections);

    /// <summary>An attempt made a connection.</summary>
    public void Succeeded()
    {
        lock (_lock)
        {
            _inARow = 0;
            Count(failures: 0);
        }
    }

    /// <summary>An attempt failed, and not for want of something here.</summary>
    /// <param name="error">In words.</param>
    /// <param name="errno">None for a name that was not found.</param>
    public void Failed(string error, Errno errno)
    {
        string cause;
        lock (_lock)
        {
            _inARow++;
            Count(failures: 1);
            bool isTooOften = _attempts >= config.MinimumVolume && _failures * 100L >= (long)config.FailureRate * _attempts;
            if (_isEjecting || _isDisposed || (_inARow < config.ConsecutiveFailures && !isTooOften))
                return;
            _isEjecting = true;
            cause = _inARow >= config.ConsecutiveFailures
                ? string.Create(CultureInfo.InvariantCulture, $"{_inARow} attempts to connect in a row failed, the last with {error}")
                : string.Create(CultureInfo.InvariantCulture, $"{_failures} of {_attempts} attempts to connect failed, the last with {error}");
        }

        // Choosing anew among many endpoints takes a while, and this is the thread of connections.
        ThreadPool.QueueUserWorkItem(static state => state.Self.Eject(state.Cause, state.Errno), (Self: this, Cause: cause, Errno: errno), preferLocal: false);
    }

    /// <summary>Lets the endpoint be; one that is out stays out.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _return?.Dispose();
        }
    }

    private void Count(int failures)
    {
        if (clock.GetElapsedTime(_windowBegan) >= config.Window)
            (_attempts, _failures, _windowBegan) = (0, 0, clock.GetTimestamp());
        _attempts++;
        _failures += failures;
    }

    private void Eject(string cause, Errno errno)
    {
        TimeSpan time = NextTime();
        string told = string.Create(CultureInfo.InvariantCulture, $"{cause}; it is out for {time.TotalSeconds:0.###} s");
        bool isOut = cluster.TryEject(endpoint, config.MaxEjected, told, errno);
        lock (_lock)
        {
            if (!isOut)
            {
                // As many are out as may be. The next failure asks again.
                _isEjecting = false;
                return;
            }

            Interlocked.Increment(ref _ejections);
            _recent++;
            if (_isDisposed)
                return;
            _return?.Dispose();
            _return = clock.CreateTimer(static self => ((OutlierDetector)self!).Return(), this, time, Timeout.InfiniteTimeSpan);
        }
    }

    private TimeSpan NextTime()
    {
        lock (_lock)
        {
            if (_recent > 0 && clock.GetElapsedTime(_returnedAt) >= config.MaxEjectionTime)
                _recent = 0;
            double factor = Math.Pow(2, Math.Min(_recent, 30));
            return config.EjectionTime * factor < config.MaxEjectionTime ? config.EjectionTime * factor : config.MaxEjectionTime;
        }
    }

    private void Return()
    {
        lock (_lock)
        {
            (_isEjecting, _inARow, _attempts, _failures) = (false, 0, 0, 0);
            _windowBegan = _returnedAt = clock.GetTimestamp();
        }

        cluster.Mark(endpoint, HealthSource.Outlier, isGood: true, "its ejection is over");
    }
}
