using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Model.Discovery;
using Sluice.ProxyHost.Telemetry;
using Sluice.ProxyHost.Tests.Upstreams.Discovery;
using Sluice.ProxyHost.Upstreams.Discovery;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>Discovery in a real daemon, with real sockets on the loopback and a look-up of the test's own.</summary>
public class DiscoveryTests
{
    private const int Timeout = 120_000;
    private readonly FakeLookup _lookup = new();

    [Fact(Timeout = Timeout)]
    public async Task A_start_waits_for_no_answer_and_a_connection_waits_for_the_first()
    {
        using var server = new EchoServer();
        await using RunningDaemon daemon = await StartAsync();
        using Socket early = await daemon.ConnectAsync();
        await daemon.UntilAsync("\"state\"");
        _lookup.Say(3600, $"127.0.0.1:{server.Port}");
        await early.PingAsync();
        await daemon.UntilMeasuredAsync("sluice.discovery.endpoints", 1, ("name", "db.example:5432"));
        await daemon.UntilMeasuredAsync("sluice.discovery.lookups", 1, ("cluster", "back"));
        await daemon.UntilLoggedAsync("back: db.example leads to 1 addresses: 1 endpoints added, 0 removed");

        JsonElement name = JsonElement.Parse(await daemon.GetAsync("/clusters")).GetProperty("clusters")[0].GetProperty("discovery")[0];
        Assert.Equal("db.example:5432", name.GetProperty("name").GetString());
        Assert.Equal(3600, name.GetProperty("ttl_seconds").GetDouble());
        Assert.Equal($"127.0.0.1:{server.Port}", name.GetProperty("addresses")[0].GetString());
    }

    [Fact(Timeout = Timeout)]
    public async Task A_name_that_does_not_exist_ends_connections_at_once_and_says_why()
    {
        _lookup.Fail(LookupFailure.NoSuchName);
        await using RunningDaemon daemon = await StartAsync("connect_timeout: 1h");
        await KnockAsync(daemon);
        AccessRecord record = Assert.Single(await daemon.RecordsAsync(1));
        Assert.Equal((EndReason.NoEndpoint, "db.example: it is NoSuchName", 0), (record.End, record.Trouble, record.Attempts));
        await daemon.UntilLoggedAsync("back: db.example could not be looked up, 1 times in a row: it is NoSuchName; it has no addresses yet; is the name spelled right");
    }

    [Fact(Timeout = Timeout)]
    public async Task Without_any_answer_a_connection_waits_as_long_as_an_attempt_may_take()
    {
        await using RunningDaemon daemon = await StartAsync("connect_timeout: 50ms");
        await KnockAsync(daemon);
        AccessRecord record = Assert.Single(await daemon.RecordsAsync(1));
        Assert.Equal((EndReason.NoEndpoint, "db.example: not looked up yet"), (record.End, record.Trouble));
        await daemon.UntilNothingIsTakenAsync();
    }

    [Fact(Timeout = Timeout)]
    public async Task A_connection_to_an_address_that_is_gone_goes_on_and_new_ones_go_elsewhere()
    {
        using EchoServer first = new(), second = new();
        _lookup.Say(0, $"127.0.0.1:{first.Port}");
        await using RunningDaemon daemon = await StartAsync("discovery: { interval: 5ms }");
        using Socket old = await daemon.ConnectAsync();
        await old.PingAsync();
        _lookup.Say(0, $"127.0.0.1:{second.Port}");
        await daemon.UntilLoggedAsync("1 endpoints added, 1 removed");
        using Socket next = await daemon.ConnectAsync();
        await next.PingAsync();
        await old.PingAsync();
        EndpointState endpoint = Assert.Single(daemon.Model.Clusters[0].Endpoints);
        Assert.Equal(($"db.example:{second.Port}/127.0.0.1", 1), (endpoint.Config.Text, endpoint.Open));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_hundred_reloads_leave_one_watch_and_every_connection()
    {
        using var server = new EchoServer();
        _lookup.Say(3600, $"127.0.0.1:{server.Port}");
        await using RunningDaemon daemon = await StartAsync();
        using Socket client = await daemon.ConnectAsync();
        await client.PingAsync();
        var live = daemon.Model.Clusters[0].Endpoints.Single().Live;
        for (int i = 1; i <= 100; i++)
        {
            await daemon.ReloadAsync(config => config with { Clusters = [config.Clusters[0] with { MaxConnections = 1000 + i }] });
            Assert.Equal(1000 + i, daemon.Model.Clusters[0].Config.MaxConnections);
        }

        Assert.Equal(1, daemon.Service<DiscoveryMonitor>().Count);
        Assert.Same(live, daemon.Model.Clusters[0].Endpoints.Single().Live);
        Assert.Equal(1, live.Open);
        await client.PingAsync();

        await daemon.ReloadAsync(config => config with { Clusters = [config.Clusters[0] with { Discovery = null }] });
        Assert.Equal(0, daemon.Service<DiscoveryMonitor>().Count);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_connection_that_waits_hears_of_the_answer_although_a_reload_came_between()
    {
        using var server = new EchoServer();
        await using RunningDaemon daemon = await StartAsync("connect_timeout: 1h");
        using Socket early = await daemon.ConnectAsync();
        await daemon.UntilAsync("\"state\"");
        await daemon.ReloadAsync(config => config with { Clusters = [config.Clusters[0] with { MaxConnections = 77 }] });
        _lookup.Say(3600, $"127.0.0.1:{server.Port}");
        await early.PingAsync();
    }

    [Fact(Timeout = Timeout)]
    public async Task A_look_up_that_never_ends_holds_up_no_stop()
    {
        await using RunningDaemon daemon = await StartAsync();
        await daemon.StopAsync();
        Assert.Equal(0, daemon.Service<DiscoveryMonitor>().Count);
    }

    // The RST may come before connect has returned.
    private static async Task KnockAsync(RunningDaemon daemon)
    {
        try
        {
            (await daemon.ConnectAsync()).Dispose();
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            // It was let in, which is all that is asked of it.
        }
    }

    private Task<RunningDaemon> StartAsync(params string[] cluster)
    {
        string[] keys = cluster.Any(line => line.StartsWith("discovery", StringComparison.Ordinal)) ? cluster : [.. cluster, "discovery: dns"];
        return RunningDaemon.StartAsync(
            ClusterConfigs.Read("[db.example:5432]", keys), configure: services => services.AddSingleton<INameLookup>(_lookup));
    }
}
