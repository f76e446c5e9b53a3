namespace Sluice.ProxyHost.Logging;

/// <summary>The words for log levels.</summary>
internal static class LevelNames
{
    /// <summary>Five letters at most, padded, so that columns line up.</summary>
    public static string ShortName(this LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info ",
        LogLevel.Warning => "warn ",
        LogLevel.Error => "error",
        LogLevel.Critical => "fatal",
        _ => "none ",
    };
}
