using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Hosting;
using Sluice.ProxyHost.Telemetry;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Tests.Hosting;

public class DrainTests
{
    private const int Timeout = 60_000;

    [Theory(Timeout = Timeout)]
    [InlineData(TransportKind.Reactor)]
    [InlineData(TransportKind.Sockets)]
    public async Task While_draining_new_clients_are_refused_open_connections_go_on_and_the_admin_endpoint_tells(TransportKind transport)
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo(), transport);
        using Socket open = await daemon.ConnectAsync();
        await open.PingAsync();
        Assert.Equal("ready\n", await daemon.GetAsync("/readyz"));

        Task stopping = daemon.StopAsync();
        await RefusedAsync(daemon);
        HttpResponseMessage readiness = await daemon.SendAsync(HttpMethod.Get, "/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, readiness.StatusCode);
        Assert.Equal("draining\n", await readiness.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("ok\n", await daemon.GetAsync("/healthz"));
        await open.PingAsync();
        Assert.False(stopping.IsCompleted);

        open.Shutdown(SocketShutdown.Send);
        Assert.Empty(await open.ReadToEndAsync());
        await stopping;
        Assert.All(daemon.Logs.Access, record => Assert.Equal(EndReason.Completed, record.End));
    }

    /// <summary>What the host allows for stopping is looked at when it stops: another configuration may have changed it.</summary>
    [Fact(Timeout = Timeout)]
    public async Task A_drain_takes_as_long_as_the_configuration_says_that_goes_when_it_begins()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo(drainTimeout: TimeSpan.FromSeconds(1)));
        daemon.Service<IOptions<HostOptions>>().Value.ShutdownTimeout = TimeSpan.FromMilliseconds(1); // of a drain timeout that was short
        Assert.Equal("applied", (await daemon.ReloadAsync(config => config with { Runtime = config.Runtime with { DrainTimeout = TimeSpan.FromHours(1) } })).Result);
        using Socket open = await daemon.ConnectAsync();
        await open.PingAsync();
        Task stopping = daemon.StopAsync();
        await RefusedAsync(daemon);
        await open.PingAsync();
        open.Shutdown(SocketShutdown.Send);
        Assert.Empty(await open.ReadToEndAsync());
        await stopping;
        Assert.Equal(TimeSpan.FromHours(1) + Drain.Longest(TimeSpan.Zero) + ProxyService.Rest, daemon.Service<IOptions<HostOptions>>().Value.ShutdownTimeout);
    }

    [Theory(Timeout = Timeout)]
    [InlineData(TransportKind.Reactor)]
    [InlineData(TransportKind.Sockets)]
    public async Task After_the_drain_timeout_what_is_left_is_reset_and_recorded_as_drained(TransportKind transport)
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo(drainTimeout: TimeSpan.FromMilliseconds(50)), transport);
        Socket[] open = [.. await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => daemon.ConnectAsync()))];
        await Task.WhenAll(open.Select(socket => socket.PingAsync()));
        await daemon.StopAsync();
        foreach (Socket socket in open)
        {
            SocketException reset = await Assert.ThrowsAsync<SocketException>(socket.ReadToEndAsync);
            Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
            socket.Dispose();
        }

        await daemon.AssertDrainedAsync(20);
    }

    [Theory(Timeout = Timeout)]
    [InlineData(TransportKind.Reactor)]
    [InlineData(TransportKind.Sockets)]
    public async Task A_connection_that_is_still_being_dialled_does_not_hold_the_drain_up(TransportKind transport)
    {
        using BlackHole upstream = await BlackHole.CreateAsync();
        ClusterConfig cluster = Configs.Cluster(endpoints: Configs.Ip(upstream.Port)) with { ConnectTimeout = TimeSpan.FromMinutes(5) };
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Of(cluster, drainTimeout: TimeSpan.FromMilliseconds(50)), transport);
        using Socket client = await daemon.ConnectAsync();
        await daemon.UntilAsync("\"state\":\"connecting\"");
        await daemon.StopAsync();
        AccessRecord record = Assert.Single(daemon.Logs.Access);
        Assert.Equal((EndReason.Drained, 1), (record.End, record.Attempts));
        Assert.DoesNotContain(daemon.Logs.Lines, line => line.Contains("still closing", StringComparison.Ordinal));
        SocketException reset = await Assert.ThrowsAsync<SocketException>(client.ReadToEndAsync);
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
    }

    // The stop is under way on another thread; the listening socket is closed within it, and then stays closed.
    private static async Task RefusedAsync(RunningDaemon daemon)
    {
        while (true)
        {
            try
            {
                using Socket late = await daemon.ConnectAsync();
            }
            catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
            {
                return;
            }
            catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
            {
                // It came in the moment of the closing.
            }

            await Task.Yield();
        }
    }
}
