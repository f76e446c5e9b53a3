using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Cli;

/// <summary>What the commands do once their input is known to be good. Each returns the exit code.</summary>
/// <param name="Run">Runs the daemon on a configuration; the string is the path of its file.</param>
/// <param name="HealthCheck">Asks a running daemon: the one of this configuration, or the one at this URL. Exactly one is not null.</param>
public sealed record CliActions(
    Func<SluiceConfig, string, CancellationToken, Task<int>> Run,
    Func<SluiceConfig?, Uri?, CancellationToken, Task<int>> HealthCheck);
