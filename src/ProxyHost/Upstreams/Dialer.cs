using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using Sluice.ProxyHost.Configuration;
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
    private readonly LogGate _gate = new(perSecond: 2);
    private readonly QueueMetrics _queued = metrics.WaitsFor(cluster);

    // What is awaited with ConfigureAwait(false) ends where it began, on the connection's reactor, and so goes on there at
    // once; with the context it would take the way through the reactor's queue.

    /// <summary>Tries until there is a connection, the attempts are used up or the connection is aborted. Failure is a value.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Dialled> DialAsync(IDialling connection)
    {
        ClusterMembership members = cluster.Membership;
        if (members.Endpoints.Length == 0 && cluster.Discovery is { } discovery)
        {
            members = await discovery.FirstAsync(cluster, connection);
            connection.Trouble = discovery.Trouble;
        }

        if (members.Endpoints.Length == 0)
            return new(null, connection.AbortedFor is not EndReason.None and var gone ? gone : EndReason.NoEndpoint, Errno.None);

        Errno errno = Errno.None;
        int first = cluster.Policy.Pick(members, SourceOf(connection));
        int step = 0;
        int rounds = 0;
        long roundBegan = clock.GetTimestamp();
        while (connection.Attempts < cluster.Config.ConnectAttempts && connection.AbortedFor is EndReason.None)
        {
            EndpointState? endpoint;
            if (cluster.Queue is { } queue)
            {
                bool isFresh = step == 0;
                endpoint = isFresh && queue.Length > 0 ? null : members.TryTake(first, ref step);
                if (endpoint is null && isFresh)
                {
                    long waits = Stopwatch.GetTimestamp();
                    (endpoint, EndReason failure) = await queue.WaitAsync(connection);
                    _queued.Waited(Stopwatch.GetElapsedTime(waits), failure);
                    if (endpoint is null)
                        return new(null, failure, errno);
                    step = members.Count;
                }
            }
            else
            {
                endpoint = members.At(first, step++);
                endpoint.Dialling();
            }

            bool starved = false;
            if (endpoint is not null)
            {
                connection.Attempts++;
                connection.Endpoint = endpoint;
                ConnectResult result = await AttemptAsync(connection, endpoint).ConfigureAwait(false);
                if (result.IsConnected)
                    return new(result.Connection, EndReason.None, Errno.None);
                if (result.IsSourceRefused && connection.AbortedFor is EndReason.None)
                    return new(null, EndReason.SourceRefused, result.Errno);

                // No endpoint can help a process that has no descriptor left. Holding on to this connection's own makes accept
                // run out too, and pause, instead of letting in one client after another only to reset it.
                starved = (errno = result.Errno) is Errno.EMFILE or Errno.ENFILE;
            }

            if ((starved || endpoint is null || step >= members.Count) && connection.Attempts < cluster.Config.ConnectAttempts)
            {
                await PauseAsync(connection, RetryPause.After(++rounds, clock.GetElapsedTime(roundBegan)));
                roundBegan = clock.GetTimestamp();
                step = starved ? step - 1 : 0;
                // Who may be tried can be others by now; going on with those of the beginning would be going on in vain.
                if (cluster.Membership is { Endpoints.Length: > 0 } now && now != members)
                    (members, first, step) = (now, cluster.Policy.Pick(now, SourceOf(connection)), 0);
            }
        }

        if (connection.AbortedFor is not EndReason.None and var aborted)
            return new(null, aborted, Errno.None);
        return new(null, errno == Errno.ETIMEDOUT ? EndReason.ConnectTimeout : EndReason.ConnectFailed, errno);
    }

    // An accepted connection makes its address when it is first asked for.
    private EndPoint? SourceOf(IDialling connection) => cluster.Config.Balance == BalanceKind.Maglev ? connection.ClientAddress : null;

    private async Task PauseAsync(IDialling connection, TimeSpan pause)
    {
        using var aborted = new AbortSource(connection);
        await Task.Delay(pause, clock, aborted.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ConnectResult> AttemptAsync(IDialling connection, EndpointState endpoint)
    {
        EndpointMetrics recorded = endpoint.Metrics ??= metrics.For(cluster, endpoint);
        long started = Stopwatch.GetTimestamp();
        connection.AttemptBegan(started);
        bool connected = false;
        try
        {
            NameResolution resolution = Transparency.Destination(endpoint, connection) ?? await endpoint.AddressesAsync(cluster.Config.ConnectTimeout, connection);
            ConnectResult result = await ConnectToAnyAsync(connection, resolution.Addresses, started).ConfigureAwait(false);
            if (connected = result.IsConnected)
            {
                endpoint.Opened();
                endpoint.Outliers?.Succeeded();
                recorded.Connected(Stopwatch.GetElapsedTime(started));
                return result;
            }

            connection.Trouble = resolution.Trouble ?? Transparency.Trouble(result);
            if (connection.AbortedFor is not EndReason.None)
                return result;
            string kind = resolution.Addresses.Length == 0 ? "name_resolution" : result.Errno.ToString();
            connection.AttemptFailed(endpoint.Config.Text, kind, started);
            recorded.Failed(kind, Stopwatch.GetElapsedTime(started));
            if (result.Errno is not (Errno.EMFILE or Errno.ENFILE) && !result.IsSourceRefused)
                endpoint.Outliers?.Failed(resolution.Trouble ?? kind, result.Errno);
            if (_gate.TryPass(out string note))
                log.ConnectFailed(cluster.Config.Name, connection.Attempts, cluster.Config.ConnectAttempts, endpoint.Config.Text, connection.Trouble ?? kind, note);
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
            result = await Transparency.ConnectAsync(transport, cluster.Config.Source, connection, addresses[i], left / (addresses.Length - i));
            if (result.IsConnected || connection.AbortedFor is not EndReason.None)
                break;
        }

        return result;
    }
}
