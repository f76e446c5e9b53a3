using System.Collections.Immutable;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.ProxyHost.Telemetry;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>The table of <c>log.access</c>, which may be <c>true</c> or <c>false</c> as well.</summary>
internal static class AccessLogSection
{
    private const int MostRecords = 1_000_000;

    private static readonly ChoiceType<LogFormat> Formats = new(new("text", LogFormat.Text), new("json", LogFormat.Json));

    // Null stands for `format` of the log itself, which a value type cannot tell from a choice.
    private static readonly Key<AccessLogConfig, LogFormat?> Format =
        new("format", new OptionalChoiceType<LogFormat>(Formats), a => a.Format)
        {
            Summary = "How records look: `text` or `json`. Without it as `log.format` says.",
            Example = "json",
            Default = null,
        };

    private static readonly Key<AccessLogConfig, ImmutableArray<string>> Fields = new("fields",
        new OptionalType<ImmutableArray<string>>(new ListType<string>(new WordType("field", "see docs/operations.md", AccessFields.Names), "fields"), []), a => a.Fields)
    {
        Summary = "Which fields a record has, in this order; as text it is then `key=value`. Without it all that are known, and as text a line for people.",
        Example = "[id, client, endpoint, end]",
        Default = [],
    };

    private static readonly Key<AccessLogConfig, int> Sample =
        new("sample", new OptionalType<int>(new IntegerType(1, MostRecords), 0), a => a.Sample)
        {
            Summary = "At most so many records a second of connections that completed, are opened or go on, and as many besides of those that ended " +
                "in another way. `left_out` of the next record tells how many were not written before it.",
            Example = "1000",
            Default = 0,
        };

    private static readonly Key<AccessLogConfig, bool> AtOpen = new("at_open", new BooleanType(), a => a.AtOpen)
    {
        Summary = "Whether a connection leaves a record with `event` `open` when it is connected as well.",
        Example = "true",
        Default = false,
    };

    private static readonly Key<AccessLogConfig, TimeSpan> Interval = new("interval",
        new OptionalType<TimeSpan>(new DurationType(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)), TimeSpan.Zero), a => a.Interval)
    {
        Summary = "How often a connection that goes on leaves a record with `event` `interval`. Without it never.",
        Example = "1m",
        Default = TimeSpan.Zero,
    };

    private static readonly Section<AccessLogConfig> Full = new(
        [Format, Fields, Sample, AtOpen, Interval],
        v => new AccessLogConfig(v.Of(Format), v.Of(Fields), v.Of(Sample), v.Of(AtOpen), v.Of(Interval)));

    /// <summary>Null stands for <c>false</c>.</summary>
    public static YamlType<AccessLogConfig?> Type { get; } = new ShorthandType<bool, AccessLogConfig?>(
        new BooleanType(),
        new OptionalType<AccessLogConfig>(Full, null),
        isOn => isOn ? AccessLogConfig.Default : null,
        (AccessLogConfig? config, out bool isOn) => (isOn = config is not null) is var _ && (config is null || config.Equals(AccessLogConfig.Default)));
}
