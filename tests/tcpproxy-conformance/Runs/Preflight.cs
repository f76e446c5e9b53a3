using System.Net;
using TcpProxyConformance.Play;
using TcpProxyConformance.Wire;

namespace TcpProxyConformance.Runs;

/// <summary>Whether a connection through the proxy comes out at the tool at all; without that no case says anything.</summary>
internal static class Preflight
{
    /// <summary>Null: it does. Else what is wrong and what to do.</summary>
    public static async Task<string?> FindObstacleAsync(EndPoint way, Upstream upstream, Bounds bounds, CancellationToken stop)
    {
        using var deadline = new Deadline(bounds.Timeout, stop);
        using var stage = new Stage(way, upstream, bounds, seed: 0, deadline);
        try
        {
            Link link = await stage.ConnectAsync();
            await link.Upstream.SendAsync(new byte[1]);
            await link.Client.ReceiveExactlyAsync(1);
            return null;
        }
        catch (Failure failure) when (failure.Seen.StartsWith("connect answered", StringComparison.Ordinal))
        {
            return $"{way} cannot be connected to ({failure.Kind}). Start the proxy, and name with --through the address it listens on.";
        }
        catch (Failure failure)
        {
            return $"{way} accepts connections, and then: {failure.Seen}. Have it forward plain TCP to {upstream.EndPoint}.";
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return upstream.Strangers.FirstOrDefault() is { } stranger
                ? $"What arrives at {upstream.EndPoint} is not what was sent to {way}: {stranger.Explanation}."
                : $"{way} accepts connections, but none arrives at {upstream.EndPoint} within {bounds.Timeout.TotalSeconds} s. Have it forward plain TCP there; "
                    + "a proxy on another host or in a container also needs --upstream-host 0.0.0.0.";
        }
    }
}
