using Sluice.ProxyHost.Configuration.Types;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>The table of a cluster's <c>outlier_detection</c>.</summary>
internal static class OutlierDetectionSection
{
    private static readonly OutlierDetectionConfig Usual = OutlierDetectionConfig.Default;

    private static readonly Key<OutlierDetectionConfig, int> ConsecutiveFailures = new("consecutive_failures", new IntegerType(1, 10_000), o => o.ConsecutiveFailures)
    {
        Summary = "Attempts to connect in a row that must fail for an endpoint to be taken out.",
        Example = "3",
        Default = Usual.ConsecutiveFailures,
    };

    private static readonly Key<OutlierDetectionConfig, int> FailureRate = new("failure_rate", new IntegerType(1, 100), o => o.FailureRate)
    {
        Summary = "The share of the attempts of a window, in percent, whose failure takes an endpoint out as well.",
        Example = "80",
        Default = Usual.FailureRate,
    };

    private static readonly Key<OutlierDetectionConfig, TimeSpan> Window = new("window", Durations.UpToAnHour, o => o.Window)
    {
        Summary = "The time over which that share is counted.",
        Example = "1m",
        Default = Usual.Window,
    };

    private static readonly Key<OutlierDetectionConfig, int> MinimumVolume = new("minimum_volume", new IntegerType(1, 1_000_000), o => o.MinimumVolume)
    {
        Summary = "Attempts that a window must have before its share says anything.",
        Example = "100",
        Default = Usual.MinimumVolume,
    };

    private static readonly Key<OutlierDetectionConfig, TimeSpan> EjectionTime = new("ejection_time", Durations.UpToADay, o => o.EjectionTime)
    {
        Summary = "How long an endpoint is out for the first time. Each further time it is twice as long.",
        Example = "10s",
        Default = Usual.EjectionTime,
    };

    private static readonly Key<OutlierDetectionConfig, TimeSpan> MaxEjectionTime = new("max_ejection_time", Durations.UpToADay, o => o.MaxEjectionTime)
    {
        Summary = "The longest it is out. After as long without a further time, it begins anew.",
        Example = "10m",
        Default = Usual.MaxEjectionTime,
    };

    private static readonly Key<OutlierDetectionConfig, int> MaxEjected = new("max_ejected", new IntegerType(1, 100), o => o.MaxEjected)
    {
        Summary = "The share of the endpoints of the cluster, in percent, that may be out at a time. One always may.",
        Example = "30",
        Default = Usual.MaxEjected,
    };

    public static Section<OutlierDetectionConfig> Type { get; } = new(
        [ConsecutiveFailures, FailureRate, Window, MinimumVolume, EjectionTime, MaxEjectionTime, MaxEjected],
        v => new OutlierDetectionConfig(
            v.Of(ConsecutiveFailures), v.Of(FailureRate), v.Of(Window), v.Of(MinimumVolume),
            v.Of(EjectionTime), v.Of(MaxEjectionTime), v.Of(MaxEjected)))
    {
        Check = (v, at) =>
        {
            if (v.TryOf(EjectionTime, out TimeSpan first) && v.TryOf(MaxEjectionTime, out TimeSpan longest) && first > longest)
                at.Towards("ejection_time").Error("`ejection_time` is longer than `max_ejection_time`", "make the latter at least as long");
        },
    };
}
