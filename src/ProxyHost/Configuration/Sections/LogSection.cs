using Sluice.ProxyHost.Configuration.Types;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>The table of <c>log</c>.</summary>
internal static class LogSection
{
    private static readonly ChoiceType<LogLevel> Levels = new(
        new("trace", LogLevel.Trace), new("debug", LogLevel.Debug), new("info", LogLevel.Information), new("warning", LogLevel.Warning),
        new("error", LogLevel.Error), new("critical", LogLevel.Critical), new("none", LogLevel.None));

    private static readonly Key<LogConfig, LogLevel> Level = new("level", Levels, l => l.Level)
    {
        Summary = "The least severe messages that are written. Does not concern the access log.",
        Example = "debug",
        Default = LogLevel.Information,
    };

    private static readonly Key<LogConfig, LogFormat> Format =
        new("format", new ChoiceType<LogFormat>(new("text", LogFormat.Text), new("json", LogFormat.Json)), l => l.Format)
        {
            Summary = "How lines look: `text` for people, `json` for log collectors, one object a line.",
            Example = "json",
            Default = LogFormat.Text,
        };

    private static readonly Key<LogConfig, AccessLogConfig?> Access =
        new("access", AccessLogSection.Type, l => l.Access ? l.AccessLog : null)
        {
            Summary = "Whether each connection leaves one record when it ends: who, where to, timings, bytes, why it ended. Keys say more.",
            Example = "false",
            Default = AccessLogConfig.Default,
        };

    public static Section<LogConfig> Type { get; } = new(
        [Level, Format, Access],
        v => new LogConfig(v.Of(Level), v.Of(Format), v.Of(Access) is not null) { AccessLog = v.Of(Access) ?? AccessLogConfig.Default });
}
