using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Sluice.ProxyHost.Tests.Hosting;

namespace Sluice.ProxyHost.Tests.Admin;

public class AdminEndpointTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task Connections_shows_an_open_connection_with_both_of_its_sockets()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo());
        using Socket client = await daemon.ConnectAsync();
        await client.PingAsync();
        JsonElement connection = await OnlyConnectionAsync(daemon);
        Assert.Equal(
            ["id", "listener", "state", "client", "upstream", "cluster", "route", "endpoint", "attempts", "age_seconds", "bytes_from_client", "bytes_from_upstream", "path_from_client", "path_from_upstream", "rule", "redirected", "proxy", "tlvs"],
            connection.EnumerateObject().Select(member => member.Name));
        Assert.Equal("front", connection.GetProperty("listener").GetString());
        Assert.Equal("echo", connection.GetProperty("cluster").GetString());
        Assert.Equal("builtin:echo", connection.GetProperty("endpoint").GetString());
        Assert.Equal("open", connection.GetProperty("state").GetString());
        Assert.Equal(client.LocalEndPoint!.ToString(), connection.GetProperty("client").GetProperty("remote").GetString());
        Assert.Equal(daemon.EndPoint.ToString(), connection.GetProperty("client").GetProperty("local").GetString());
        Assert.Equal(1, connection.GetProperty("bytes_from_client").GetInt64());
        Assert.Equal(1, connection.GetProperty("bytes_from_upstream").GetInt64());
        Assert.Equal("copy", connection.GetProperty("path_from_client").GetString());
        Assert.InRange(connection.GetProperty("age_seconds").GetDouble(), 0, 60);
    }

    [Fact(Timeout = Timeout)]
    public async Task Connections_shows_which_are_half_closed()
    {
        using var upstream = new TcpListener(IPAddress.Loopback, 0);
        upstream.Start();
        int port = ((IPEndPoint)upstream.LocalEndpoint).Port;
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Of(Configs.Cluster(endpoints: Configs.Ip(port))));
        using Socket client = await daemon.ConnectAsync();
        using Socket accepted = await upstream.AcceptSocketAsync(TestContext.Current.CancellationToken);
        client.Shutdown(SocketShutdown.Send);
        Assert.Empty(await accepted.ReadToEndAsync());
        await daemon.UntilAsync("\"state\":\"half-closed\""); // the FIN is sent a moment before it is noted
        JsonElement connection = await OnlyConnectionAsync(daemon);
        Assert.Equal(accepted.RemoteEndPoint!.ToString(), connection.GetProperty("upstream").GetProperty("local").GetString());
        Assert.Equal(upstream.LocalEndpoint.ToString(), connection.GetProperty("upstream").GetProperty("remote").GetString());
    }

    [Fact(Timeout = Timeout)]
    public async Task Metrics_are_served_to_Prometheus_and_move_while_a_connection_runs()
    {
        // A process of its own: /metrics shows the instruments of all daemons in one.
        await using DaemonProcess daemon = await DaemonProcess.StartAsync();
        using Socket client = await daemon.ConnectAsync();
        await client.PingAsync();
        string metrics = await daemon.GetAsync("/metrics");
        Assert.Contains("sluice_server_active_connections{otel_scope_name=\"Sluice\",cluster=\"back\",listener=\"front\"} 1", metrics, StringComparison.Ordinal);
        Assert.Matches("sluice_io_bytes_total\\{[^}]*cluster=\"back\"[^}]*direction=\"from_upstream\"[^}]*\\} 1\n", metrics);
        Assert.Contains("dotnet_process_cpu_count", metrics, StringComparison.Ordinal);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("POST", "/readyz", 405)]
    [InlineData("DELETE", "/connections", 405)]
    [InlineData("POST", "/metrics", 405)]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("GET", "/", 200)]
    [InlineData("GET", "/healthz", 200)]
    public async Task Only_GET_of_what_exists_is_answered(string method, string path, int status)
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo());
        Assert.Equal(status, (int)(await daemon.SendAsync(new HttpMethod(method), path)).StatusCode);
    }

    private static async Task<JsonElement> OnlyConnectionAsync(RunningDaemon daemon)
    {
        JsonElement root = JsonDocument.Parse(await daemon.GetAsync("/connections")).RootElement;
        Assert.Equal(1, root.GetProperty("count").GetInt32());
        return Assert.Single(root.GetProperty("connections").EnumerateArray());
    }
}
