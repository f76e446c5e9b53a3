using Sluice.Redirect;

namespace Sluice.ProxyHost.Model;

/// <summary>What is known of an endpoint's health. Written under its cluster's lock; readable from any thread.</summary>
internal sealed class EndpointHealth
{
    private volatile bool _failsChecks;
    private volatile bool _isEjected;
    private volatile HealthChange? _last;

    /// <summary>Neither do its probes fail nor is it out for failing connections. What nobody has looked at is healthy.</summary>
    public bool IsHealthy => !_failsChecks && !_isEjected;

    /// <summary>Whether its probes fail.</summary>
    public bool FailsChecks { get => _failsChecks; set => _failsChecks = value; }

    /// <summary>Whether it is out because connections to it failed.</summary>
    public bool IsEjected { get => _isEjected; set => _isEjected = value; }

    /// <summary>The last time that it became healthy or unhealthy; null: it has been healthy from the beginning.</summary>
    public HealthChange? Last { get => _last; set => _last = value; }

    /// <summary>Timestamp of the moment since which its weight grows; null: it has all of it.</summary>
    public long? RampingSince { get; set; }
}

/// <summary>A change of an endpoint's health.</summary>
/// <param name="IsHealthy">What it has become.</param>
/// <param name="Cause">Why, in words.</param>
/// <param name="Errno">Of what failed; none where that has no errno.</param>
/// <param name="At">When.</param>
internal sealed record HealthChange(bool IsHealthy, string Cause, Errno Errno, DateTimeOffset At);

/// <summary>Who says that an endpoint is healthy or not.</summary>
internal enum HealthSource
{
    /// <summary>Probes.</summary>
    Check,
    /// <summary>What becomes of clients' connections.</summary>
    Outlier,
}
