using System.Diagnostics.CodeAnalysis;
using Sluice.ProxyHost.Connections;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Hosting;

/// <summary>
/// Closes connections in random order over a second. Clients that come back the instant they are cut off would otherwise all
/// reach the next proxy together.
/// </summary>
internal static class SpreadClosing
{
    private const int Steps = 50;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    /// <summary>How long it takes.</summary>
    public static TimeSpan Takes => Steps * Step;

    /// <summary>Completes when all have been told to end.</summary>
    [SuppressMessage("Security", "CA5394", Justification = "An order that need not be secret.")]
    public static async Task CloseAsync(IEnumerable<ProxiedConnection> connections, TimeProvider clock, CancellationToken cancellationToken)
    {
        ProxiedConnection[] left = [.. connections];
        Random.Shared.Shuffle(left);
        for (int step = 0, closed = 0; closed < left.Length; step++)
        {
            for (long upTo = (long)left.Length * (step + 1) / Steps; closed < upTo; closed++)
                left[closed].Abort(EndReason.Drained);
            await Task.Delay(Step, clock, cancellationToken);
        }
    }
}
