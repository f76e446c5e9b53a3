using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Sluice.ProxyHost.Cli;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Hosting;
using Sluice.ProxyHost.Listeners;
using Sluice.ProxyHost.Telemetry;
using Sluice.Redirect;
using Sluice.Redirect.Privileges;

namespace Sluice.ProxyHost.Tests.Hosting;

public class DaemonTests
{
    private const int Timeout = 60_000;
    private static readonly ConcurrentDictionary<int, bool> _given = new();

    [Theory(Timeout = Timeout)]
    [InlineData(TransportKind.Reactor)]
    [InlineData(TransportKind.Sockets)]
    public async Task The_builtin_echo_gives_everything_back_and_passes_the_half_close_on(TransportKind transport)
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo(), transport);
        using Socket client = await daemon.ConnectAsync();
        byte[] sent = new byte[3_000_000];
        new Random(1).NextBytes(sent);
        Task<byte[]> echoed = client.ReadToEndAsync();
        for (int at = 0; at < sent.Length;)
            at += await client.SendAsync(sent.AsMemory(at), TestContext.Current.CancellationToken);
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(sent, await echoed);

        await daemon.StopAsync();
        AccessRecord record = Assert.Single(daemon.Logs.Access);
        Assert.Equal((EndReason.Completed, 3_000_000L, 3_000_000L), (record.End, record.BytesFromClient, record.BytesFromUpstream));
        Assert.Equal(Direction.FromClient, record.FirstToClose);
        Assert.NotNull(record.FirstByteSeconds);
    }

    [Theory(Timeout = Timeout)]
    [InlineData(TransportKind.Reactor)]
    [InlineData(TransportKind.Sockets)]
    public async Task The_builtin_discard_takes_everything_and_says_nothing(TransportKind transport)
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Of(Configs.Cluster(endpoints: Configs.Builtin("discard"))), transport);
        using Socket client = await daemon.ConnectAsync();
        byte[] sent = new byte[1_000_000];
        for (int at = 0; at < sent.Length;)
            at += await client.SendAsync(sent.AsMemory(at), TestContext.Current.CancellationToken);
        client.Shutdown(SocketShutdown.Send);
        Assert.Empty(await client.ReadToEndAsync());
        await daemon.StopAsync();
        Assert.Equal(1_000_000, Assert.Single(daemon.Logs.Access).BytesFromClient);
    }

    [Theory(Timeout = Timeout)]
    [InlineData(TransportKind.Reactor)]
    [InlineData(TransportKind.Sockets)]
    public async Task A_client_whose_upstream_is_down_is_reset_and_the_record_says_why(TransportKind transport)
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Of(Configs.Cluster(endpoints: Configs.Ip(UnusedPort()))), transport);
        using Socket client = await daemon.ConnectAsync();
        SocketException reset = await Assert.ThrowsAsync<SocketException>(client.ReadToEndAsync);
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        await daemon.StopAsync();
        AccessRecord record = Assert.Single(daemon.Logs.Access);
        Assert.Equal((EndReason.ConnectFailed, Redirect.Errno.ECONNREFUSED, 3), (record.End, record.Errno, record.Attempts));
    }

    [Theory(Timeout = Timeout)]
    [InlineData(TransportKind.Reactor)]
    [InlineData(TransportKind.Sockets)]
    public async Task A_host_name_is_dialled_at_whichever_of_its_addresses_answers(TransportKind transport)
    {
        using var upstream = new TcpListener(IPAddress.Loopback, 0);
        upstream.Start();
        EndpointConfig localhost = Configs.Name("localhost", ((IPEndPoint)upstream.LocalEndpoint).Port);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Of(Configs.Cluster(attempts: 1, endpoints: localhost)), transport);
        using Socket client = await daemon.ConnectAsync();
        using Socket accepted = await upstream.AcceptSocketAsync(TestContext.Current.CancellationToken);
        accepted.Shutdown(SocketShutdown.Send);
        Assert.Empty(await client.ReadToEndAsync());
    }

    [Fact(Timeout = Timeout)]
    public async Task The_log_tells_the_port_that_the_kernel_chose()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo());
        Assert.Contains(daemon.Logs.Lines, line => line.Contains($"listening on {daemon.EndPoint} for front", StringComparison.Ordinal));
    }

    [Fact(Timeout = Timeout)]
    public async Task When_one_port_is_taken_nothing_is_bound_and_the_error_names_listener_address_and_errno()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var first = new IPEndPoint(IPAddress.Loopback, UnusedPort());
        ListenerConfig front = Configs.Listener("front", "echo", first);
        SluiceConfig config = Configs.Echo(front);
        config = config with { Listeners = [front, Configs.Listener("late", "echo", taken.LocalEndpoint)] };

        StartException failure = await Assert.ThrowsAsync<StartException>(() => RunningDaemon.StartAsync(config));
        Assert.Contains($"listener late: cannot listen on {taken.LocalEndpoint}: EADDRINUSE", failure.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Unavailable, await Daemon.RunAsync(config, "none.yaml", ProcessPrivileges.Untouched, TestContext.Current.CancellationToken));
        using var free = new TcpListener(first);
        free.Start();
    }

    [Fact(Timeout = Timeout)]
    public async Task When_the_admin_port_is_taken_the_daemon_does_not_start()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var front = new IPEndPoint(IPAddress.Loopback, UnusedPort());
        SluiceConfig config = Configs.Echo(Configs.Listener("front", "echo", front)) with { Admin = new(new("taken", taken.LocalEndpoint)) };
        Assert.Equal(ExitCode.Unavailable, await Daemon.RunAsync(config, "none.yaml", ProcessPrivileges.Untouched, TestContext.Current.CancellationToken));
        using var free = new TcpListener(front);
        free.Start();
    }

    [Fact(Timeout = Timeout)]
    public async Task Told_to_stop_before_it_has_started_it_ends_well_and_lets_go_of_its_ports()
    {
        var front = new IPEndPoint(IPAddress.Loopback, UnusedPort());
        Assert.Equal(ExitCode.Success, await Daemon.RunAsync(Configs.Echo(Configs.Listener("front", "echo", front)), "none.yaml", ProcessPrivileges.Untouched, new CancellationToken(canceled: true)));
        using var free = new TcpListener(front);
        free.Start();
    }

    /// <summary>A port nobody listens on, from below the range that outgoing connections take theirs from, and to no other test.</summary>
    internal static int UnusedPort()
    {
        while (true)
        {
            var address = new IPEndPoint(IPAddress.Loopback, Random.Shared.Next(10_000, 32_000));
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(address);
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                continue;
            }

            if (_given.TryAdd(address.Port, true))
                return address.Port;
        }
    }
}
