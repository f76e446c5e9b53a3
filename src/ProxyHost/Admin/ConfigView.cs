using System.Text.Json.Serialization;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Configuration.Changes;
using Sluice.ProxyHost.Reloading;

namespace Sluice.ProxyHost.Admin;

/// <summary>The answer of /config: which configuration goes, and what became of the last attempt at another.</summary>
/// <param name="Generation">1 since the start, and one more with each reload that was applied.</param>
/// <param name="AppliedAt">When it was.</param>
/// <param name="Path">The file; null where there is none.</param>
/// <param name="Config">As `sluice check` prints it: every default filled in.</param>
/// <param name="Values">The same, a value each, with where it comes from.</param>
/// <param name="LastAttempt">The start itself until there was another.</param>
internal sealed record ConfigView(
    long Generation, DateTimeOffset AppliedAt, string? Path, string Config, IEnumerable<ConfigValue> Values, ReloadView LastAttempt)
{
    /// <summary>Of the daemon at this moment.</summary>
    public static ConfigView Of(ReloadHistory history, ConfigSource source, SluiceConfig config) => new(
        history.Generation, history.Applied.At, source.Path, ConfigPrinter.Print(config), ConfigOrigins.Of(config), ReloadView.Of(history.Last));
}

/// <summary>An attempt to take over a configuration, as the answer of POST /reload.</summary>
internal sealed record ReloadView(DateTimeOffset At, string Trigger, string Result, long Generation, IEnumerable<ChangeView> Changes, IEnumerable<string> Errors)
{
    public static ReloadView Of(ReloadAttempt attempt) =>
        new(attempt.At, attempt.Trigger, attempt.Result, attempt.Generation, attempt.Changes.Select(ChangeView.Of), attempt.Errors);
}

/// <summary>One difference.</summary>
internal sealed record ChangeView(string Kind, string Name, string Change, IEnumerable<string> Keys, string? Before, string? After)
{
    public static ChangeView Of(ConfigChange change) => new(change.Kind, change.Name, change.Change, change.Keys, change.Before, change.After);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ConfigView))]
[JsonSerializable(typeof(ReloadView))]
internal sealed partial class ConfigJson : JsonSerializerContext;
