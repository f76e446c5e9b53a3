using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>What goes for access records until <c>log</c> says something else. Immutable but for what the gate counts.</summary>
internal sealed class AccessTerms(LogConfig config, TimeProvider clock)
{
    /// <summary>Whether there are any.</summary>
    public bool IsOn => config.Access;

    /// <summary>Whether there is one as soon as a connection is open.</summary>
    public bool AtOpen => config.Access && config.AccessLog.AtOpen;

    /// <summary>How often connections that go on are written; zero: never.</summary>
    public TimeSpan Interval => config.Access ? config.AccessLog.Interval : TimeSpan.Zero;

    /// <summary>Lets so many a second through.</summary>
    public AccessGate Gate { get; } = new(config.AccessLog.Sample, clock);

    /// <summary>Those that are written, in this order; null: all of them.</summary>
    public AccessField[]? Fields { get; } = config.AccessLog.Fields is { IsEmpty: false } names ? AccessFields.Of(names) : null;
}
