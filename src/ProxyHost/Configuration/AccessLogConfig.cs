using System.Collections.Immutable;

namespace Sluice.ProxyHost.Configuration;

/// <summary>How the access log is written.</summary>
/// <param name="Format">How its lines look; null: as those of the rest of the log.</param>
/// <param name="Fields">Which fields a record has, in this order; empty: all of them.</param>
/// <param name="Sample">
/// So many records a second of connections that completed, are opened or go on, and as many of others; 0: any number.
/// </param>
/// <param name="AtOpen">Whether there is a record when a connection is open as well.</param>
/// <param name="Interval">How often a connection that goes on leaves a record, 1 s to 1 d; zero: never.</param>
public sealed record AccessLogConfig(LogFormat? Format, ImmutableArray<string> Fields, int Sample, bool AtOpen, TimeSpan Interval)
{
    /// <summary>What <c>access: true</c> means.</summary>
    public static AccessLogConfig Default { get; } = new(null, [], 0, AtOpen: false, TimeSpan.Zero);

    /// <summary>Two that say the same are equal, the lists of fields by what is in them.</summary>
    public bool Equals(AccessLogConfig? other) =>
        other is not null && (Format, Sample, AtOpen, Interval) == (other.Format, other.Sample, other.AtOpen, other.Interval) && Fields.SequenceEqual(other.Fields);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Format, Sample, AtOpen, Interval, Fields.Length);
}
