using System.Net;
using System.Net.Sockets;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Reloading;
using Sluice.ProxyHost.Tests.Hosting;

namespace Sluice.ProxyHost.Tests.Reloading;

public class ReloadTests
{
    private const int Timeout = 60_000;

    [Theory(Timeout = Timeout)]
    [InlineData(TransportKind.Reactor)]
    [InlineData(TransportKind.Sockets)]
    public async Task A_listener_keeps_its_port_and_its_connections_when_its_settings_change(TransportKind transport)
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo(), transport);
        using Socket old = await daemon.ConnectAsync();
        await old.PingAsync();
        ReloadAttempt attempt = await daemon.ReloadAsync(Listeners(listener => listener with { MaxConnections = 2 }));
        Assert.Equal((ReloadResults.Applied, 2L), (attempt.Result, attempt.Generation));
        Assert.Equal("listener front changed: max_connections", Assert.Single(attempt.Changes).ToString());

        await old.PingAsync();
        using Socket second = await daemon.ConnectAsync();
        await second.PingAsync();
        await RefusedAsync(daemon.EndPoint); // the old connection counts under the new limit
        old.Shutdown(SocketShutdown.Send);
        Assert.Empty(await old.ReadToEndAsync());
    }

    [Fact(Timeout = Timeout)]
    public async Task New_connections_go_to_the_new_cluster_and_old_ones_stay_where_they_are()
    {
        using TcpListener one = YamlConfigs.Listen(out int first);
        using TcpListener two = YamlConfigs.Listen(out int second);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Of(Configs.Cluster(endpoints: Configs.Ip(first))));
        using Socket client = await daemon.ConnectAsync();
        using Socket upstream = await one.AcceptAsync();
        ReloadAttempt attempt = await daemon.ReloadAsync(config => config with { Clusters = [config.Clusters[0] with { Endpoints = [Configs.Ip(second)] }] });
        Assert.Equal(["cluster back changed: endpoints"], attempt.Changes.Select(change => change.ToString()));

        using Socket next = await daemon.ConnectAsync();
        using Socket other = await two.AcceptAsync();
        await next.SayAsync("new");
        await other.HearAsync("new");
        await client.SayAsync("old");
        await upstream.HearAsync("old");
    }

    [Fact(Timeout = Timeout)]
    public async Task A_removed_listener_accepts_nothing_more_and_its_connections_go_on()
    {
        ListenerConfig removed = Configs.Listener("removed", "echo");
        SluiceConfig config = Configs.Echo();
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(config with { Listeners = config.Listeners.Add(removed) });
        IPEndPoint address = daemon.AddressOf("removed");
        using Socket client = await ConnectAsync(address);
        await client.PingAsync();
        Assert.Equal(ReloadResults.Applied, (await daemon.ReloadAsync(now => now with { Listeners = [now.Listeners[0]] })).Result);
        SocketException refused = await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(address));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        await client.PingAsync();
        using Socket front = await daemon.ConnectAsync();
        await front.PingAsync();
    }

    [Fact(Timeout = Timeout)]
    public async Task A_listener_that_is_added_accepts()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo());
        ReloadAttempt attempt = await daemon.ReloadAsync(config => config with { Listeners = config.Listeners.Add(Configs.Listener("added", "echo")) });
        Assert.Equal(["listener added added"], attempt.Changes.Select(change => change.ToString()));
        using Socket client = await ConnectAsync(daemon.AddressOf("added"));
        await client.PingAsync();
    }

    [Fact(Timeout = Timeout)]
    public async Task Where_one_address_cannot_be_bound_nothing_changes_at_all()
    {
        using TcpListener taken = YamlConfigs.Listen(out int port);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo());
        int bound = daemon.Service<Listeners.ListenerSet>().Bound.Count;
        ReloadAttempt attempt = await daemon.ReloadAsync(config => config with
        {
            Listeners =
            [
                config.Listeners[0] with { MaxConnections = 1 }, Configs.Listener("free", "echo"),
                Configs.Listener("taken", "echo", new IPEndPoint(IPAddress.Loopback, port)),
            ],
        });
        Assert.Equal((ReloadResults.Refused, 1L), (attempt.Result, attempt.Generation));
        Assert.Contains($"listener taken: cannot listen on 127.0.0.1:{port}: EADDRINUSE", Assert.Single(attempt.Errors), StringComparison.Ordinal);
        Assert.Equal(bound, daemon.Service<Listeners.ListenerSet>().Bound.Count);
        using Socket one = await daemon.ConnectAsync();
        using Socket two = await daemon.ConnectAsync();
        await one.PingAsync();
        await two.PingAsync();
    }

    [Fact(Timeout = Timeout)]
    public async Task What_needs_a_restart_is_refused_by_name_and_nothing_else_is_applied()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo());
        ReloadAttempt attempt = await daemon.ReloadAsync(config => config with
        {
            Runtime = config.Runtime with { Reactors = 1 },
            Listeners = [config.Listeners[0] with { MaxConnections = 1 }],
        });
        Assert.Equal(ReloadResults.Refused, attempt.Result);
        Assert.StartsWith("runtime.reactors: ", Assert.Single(attempt.Errors), StringComparison.Ordinal);
        Assert.Equal(1000, daemon.Model.Config.Listeners[0].MaxConnections);
    }

    [Fact(Timeout = Timeout)]
    public async Task The_same_again_changes_nothing()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo());
        ReloadAttempt attempt = await daemon.ReloadAsync(config => config with { });
        Assert.Equal((ReloadResults.Unchanged, 1L), (attempt.Result, attempt.Generation));
    }

    [Fact(Timeout = Timeout)]
    public async Task Parts_that_did_not_change_stay_the_objects_they_are()
    {
        SluiceConfig config = Configs.Echo();
        config = config with
        {
            Listeners = config.Listeners.Add(Configs.Listener("other", "other")),
            Clusters = config.Clusters.Add(Configs.Cluster("other", endpoints: Configs.Builtin("echo"))),
        };
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(config);
        (var front, var other, var echo) = (daemon.Model.Listeners[0], daemon.Model.Listeners[1], daemon.Model.Cluster("echo"));
        await daemon.ReloadAsync(now => now with { Clusters = [now.Clusters[0], now.Clusters[1] with { MaxConnections = 5 }] });
        Assert.Same(front, daemon.Model.Listeners[0]);
        Assert.Same(echo, daemon.Model.Cluster("echo"));
        Assert.NotSame(other, daemon.Model.Listeners[1]); // it leads to another cluster object
        Assert.Same(other.Live, daemon.Model.Listeners[1].Live);
        Assert.Equal(5, daemon.Model.Cluster("other").Connections.Limit);
    }

    /// <summary>Whom a successor asks for the sockets knows nothing of a reload that is under way.</summary>
    [Fact(Timeout = Timeout)]
    public async Task What_is_bound_can_be_looked_at_while_a_reload_changes_it()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo());
        Listeners.ListenerSet listeners = daemon.Service<Listeners.ListenerSet>();
        using var stop = new CancellationTokenSource();
        Task looking = Task.Run(
            () =>
            {
                while (!stop.IsCancellationRequested)
                    Assert.NotEmpty(listeners.Bound);
            },
            TestContext.Current.CancellationToken);
        for (int i = 0; i < 50; i++)
        {
            await daemon.ReloadAsync(config => config with { Listeners = config.Listeners.Add(Configs.Listener("other", "echo")) });
            await daemon.ReloadAsync(config => config with { Listeners = config.Listeners.RemoveAt(1) });
        }

        await stop.CancelAsync();
        await looking;
    }

    internal static Func<SluiceConfig, SluiceConfig> Listeners(Func<ListenerConfig, ListenerConfig> change) =>
        config => config with { Listeners = [.. config.Listeners.Select(change)] };

    /// <summary>The reset may come while the connect still completes.</summary>
    internal static async Task RefusedAsync(IPEndPoint address)
    {
        SocketException reset = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            using Socket client = await ConnectAsync(address);
            await client.ReadToEndAsync();
        });
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
    }

    internal static async Task<Socket> ConnectAsync(EndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(address, TestContext.Current.CancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
