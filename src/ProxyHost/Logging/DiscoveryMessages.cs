namespace Sluice.ProxyHost.Logging;

/// <summary>What the log says of names and the addresses they lead to.</summary>
internal static partial class DiscoveryMessages
{
    [LoggerMessage(60, LogLevel.Information, "{Cluster}: {Name} leads to {Addresses} addresses: {Added} endpoints added, {Removed} removed{Note}")]
    public static partial void Discovered(this ILogger log, string cluster, string name, int addresses, int added, int removed, string note);

    [LoggerMessage(61, LogLevel.Warning, "{Cluster}: {Name} could not be looked up, {Times} times in a row: {Error}; {Kept}; {Advice}{Note}")]
    public static partial void LookupFailed(this ILogger log, string cluster, string name, int times, string? error, string kept, string advice, string note);

    [LoggerMessage(62, LogLevel.Information, "{Cluster}: {Name} can be looked up again after {Times} failures and leads to {Addresses} addresses: {Added} endpoints added, {Removed} removed{Note}")]
    public static partial void LookupRecovered(this ILogger log, string cluster, string name, int times, int addresses, int added, int removed, string note);

    [LoggerMessage(63, LogLevel.Error, "{Cluster}: a look-up of {Name} met a defect; it is tried again{Note}")]
    public static partial void DiscoveryDefect(this ILogger log, Exception defect, string cluster, string name, string note);
}
