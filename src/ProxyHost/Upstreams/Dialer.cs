using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using Sluice.ProxyHost.Logging;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Telemetry;
using Sluice.Redirect;
using Sluice.Redirect.Transports;

namespace Sluice.ProxyHost.Upstreams;

/// <summary>
/// Connects to a cluster: the policy picks the first endpoint, each further attempt takes the next one in order, and
/// coming back to the first takes a pause. An attempt has the connect timeout, looking up the name included. Safe from
/// any thread.
/// </summary>
internal sealed class Dialer(ITransport transport, ClusterState cluster, ProxyMetrics metrics, TimeProvider clock, ILogger<Dialer> log)
{
    private readonly EndpointMetrics[] _metrics = [.. cluster.Endpoints.Select(endpoint => metrics.For(cluster, endpoint))];
    private readonly LogGate _gate = new(perSecond: 2);

    // What is awaited with ConfigureAwait(false) ends where it began, on the connection's reactor, and so goes on there at
    // once; with the context it would take the way through the reactor's queue.

    /// <summary>Tries until there is a connection, the attempts are used up or the connection is aborted. Failure is a value.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Dialled> DialAsync(IDialling connection)
    {
        EndpointState[] endpoints = cluster.Endpoints;
        int first = endpoints.Length == 0 ? -1 : NotDraining(endpoints, cluster.Policy.Pick(endpoints));
        Errno errno = Errno.None;
        int index = first;
        int rounds = 0;
        long roundBegan = clock.GetTimestamp();
        while (connection.Attempts < cluster.Config.ConnectAttempts && connection.AbortedFor is EndReason.None)
        {
            if (index < 0)
                return new(null, EndReason.NoEndpoint, Errno.None);

            connection.Attempts++;
            connection.Endpoint = endpoints[index];
            ConnectResult result = await AttemptAsync(connection, endpoints[index], _metrics[index]).ConfigureAwait(false);
            if (result.IsConnected)
                return new(result.Connection, EndReason.None, Errno.None);

            // No endpoint can help a process that has no descriptor left. Holding on to this connection's own makes accept
            // run out too, and pause, instead of letting in one client after another only to reset it.
            bool starved = (errno = result.Errno) is Errno.EMFILE or Errno.ENFILE;
            if (!starved)
                index = NotDraining(endpoints, index + 1 == endpoints.Length ? 0 : index + 1);
            if ((starved || index == first) && connection.Attempts < cluster.Config.ConnectAttempts)
            {
                await PauseAsync(connection, RetryPause.After(++rounds, clock.GetElapsedTime(roundBegan)));
                roundBegan = clock.GetTimestamp();
            }
        }

        if (connection.AbortedFor is not EndReason.None and var aborted)
            return new(null, aborted, Errno.None);
        return new(null, errno == Errno.ETIMEDOUT ? EndReason.ConnectTimeout : EndReason.ConnectFailed, errno);
    }

    // The one at the index, or the next after it that takes new connections; -1 when none does.
    private static int NotDraining(EndpointState[] endpoints, int index)
    {
        for (int tried = 0; tried < endpoints.Length; tried++)
        {
            if (!endpoints[index].IsDraining)
                return index;
            index = index + 1 == endpoints.Length ? 0 : index + 1;
        }

        return -1;
    }

    private async Task PauseAsync(IDialling connection, TimeSpan pause)
    {
        using var aborted = new AbortSource(connection);
        await Task.Delay(pause, clock, aborted.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ConnectResult> AttemptAsync(IDialling connection, EndpointState endpoint, EndpointMetrics metrics)
    {
        long started = Stopwatch.GetTimestamp();
        bool connected = false;
        endpoint.Dialling();
        try
        {
            NameResolution resolution = await endpoint.AddressesAsync(cluster.Config.ConnectTimeout, connection);
            ConnectResult result = await ConnectToAnyAsync(connection, resolution.Addresses, started).ConfigureAwait(false);
            if (connected = result.IsConnected)
            {
                endpoint.Opened();
                metrics.Connected(Stopwatch.GetElapsedTime(started));
                return result;
            }

            connection.Trouble = resolution.Trouble;
            if (connection.AbortedFor is not EndReason.None)
                return result;
            string kind = resolution.Addresses.Length == 0 ? "name_resolution" : result.Errno.ToString();
            metrics.Failed(kind, Stopwatch.GetElapsedTime(started));
            if (_gate.TryPass(out string note))
                log.ConnectFailed(cluster.Config.Name, connection.Attempts, cluster.Config.ConnectAttempts, endpoint.Config.Text, resolution.Trouble ?? kind, note);
            return result;
        }
        finally
        {
            if (!connected)
                endpoint.Failed();
        }
    }

    // A name may have an address that answers nothing before one that works: each gets a fair share of the time left.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ConnectResult> ConnectToAnyAsync(IDialling connection, EndPoint[] addresses, long started)
    {
        ConnectResult result = default;
        for (int i = 0; i < addresses.Length; i++)
        {
            TimeSpan left = cluster.Config.ConnectTimeout - Stopwatch.GetElapsedTime(started);
            if (left < TimeSpan.FromMilliseconds(1))
                return new(null, Errno.ETIMEDOUT);
            result = await transport.ConnectAsync(addresses[i], left / (addresses.Length - i), connection);
            if (result.IsConnected || connection.AbortedFor is not EndReason.None)
                break;
        }

        return result;
    }
}
