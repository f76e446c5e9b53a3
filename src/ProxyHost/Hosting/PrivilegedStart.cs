using System.Collections.Immutable;
using Sluice.ProxyHost.Cli;
using Sluice.ProxyHost.Configuration;
using Sluice.Redirect.Privileges;

namespace Sluice.ProxyHost.Hosting;

/// <summary>
/// Runs the daemon with no more rights than its configuration takes: they are given up after the file was read, and before anything is
/// bound or a thread is started. What a start may do, a reload may do therefore.
/// </summary>
internal static class PrivilegedStart
{
    /// <summary>Gives up what is not needed, for good, and runs the daemon. Only for a process that is a daemon and nothing else.</summary>
    public static async Task<int> RunAsync(SluiceConfig config, string path, CancellationToken cancellationToken)
    {
        ImmutableArray<string> needed = [.. PrivilegeNeeds.Of(config, ProcessPrivileges.Held()).Select(need => need.Capability)];
        var privileges = ProcessPrivileges.GiveUp(needed, config.Runtime.User);
        if (privileges.Trouble is { } trouble)
        {
            await Console.Error.WriteLineAsync($"sluice: cannot start: {trouble}");
            return ExitCode.Unavailable;
        }

        return await Daemon.RunAsync(config, path, privileges, cancellationToken);
    }
}
