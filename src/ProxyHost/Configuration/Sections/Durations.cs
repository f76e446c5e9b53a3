using Sluice.ProxyHost.Configuration.Types;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>The ranges of the time limits. All are finite and none is zero: "forever" is how connections leak.</summary>
internal static class Durations
{
    /// <summary>For what a connection may take in all.</summary>
    public static DurationType UpToAYear { get; } = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(365));

    /// <summary>For what a shutdown may take.</summary>
    public static DurationType UpToADay { get; } = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1));

    /// <summary>For what a client waits.</summary>
    public static DurationType UpToAnHour { get; } = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
}
