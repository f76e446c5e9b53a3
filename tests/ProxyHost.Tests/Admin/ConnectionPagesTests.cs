using System.Net.Sockets;
using System.Text.Json;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Telemetry;
using Sluice.ProxyHost.Tests.Hosting;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Tests.Admin;

public sealed class ConnectionPagesTests : IDisposable
{
    private const int Timeout = 60_000;
    private const string Token = "s3cret";
    private readonly string _token = Path.Combine(Path.GetTempPath(), $"sluice-token-{Guid.NewGuid():N}");

    public ConnectionPagesTests() => File.WriteAllText(_token, Token + "\n");

    public void Dispose() => File.Delete(_token);

    [Theory(Timeout = Timeout)]
    [InlineData("", 3)]
    [InlineData("?listener=front", 3)]
    [InlineData("?cluster=echo&endpoint=builtin:echo", 3)]
    [InlineData("?client=127.0.0.1", 3)]
    [InlineData("?client=127.0.0.0/8&state=open&data_path=copy", 3)]
    [InlineData("?client=10.0.0.0/8", 0)]
    [InlineData("?client=::/0", 0)]
    [InlineData("?state=half-closed", 0)]
    [InlineData("?data_path=sockmap", 0)]
    [InlineData("?min_age=1h", 0)]
    [InlineData("?min_age=0s", 3)]
    public async Task A_query_chooses(string query, int count)
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo());
        Socket[] clients = await OpenAsync(daemon, 3);
        JsonElement answer = Parse(await daemon.GetAsync("/connections" + query));
        Assert.Equal(count, answer.GetProperty("count").GetInt32());
        Assert.Equal(count, answer.GetProperty("connections").GetArrayLength());
        Close(clients);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_limit_shows_the_newest_and_counts_all()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo());
        Socket[] clients = await OpenAsync(daemon, 3);
        JsonElement answer = Parse(await daemon.GetAsync("/connections?limit=2"));
        Assert.Equal(3, answer.GetProperty("count").GetInt32());
        Assert.Equal([3, 2], answer.GetProperty("connections").EnumerateArray().Select(one => one.GetProperty("id").GetInt64()));
        Close(clients);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("?listner=front", "`listner` is not a parameter; did you mean `listener`?")]
    [InlineData("?x=1", "`x` is not a parameter; there are `listener`, `cluster`, `endpoint`, `data_path`, `state`, `client`, `min_age`, `limit`")]
    [InlineData("?listener=back", "listener: there is no `back`; it may be `front`")]
    [InlineData("?cluster=ecko", "cluster: there is no `ecko`; did you mean `echo`?")]
    [InlineData("?endpoint=10.0.0.1:1", "endpoint: there is no `10.0.0.1:1`; it may be `builtin:echo`")]
    [InlineData("?data_path=fast", "data_path: there is no `fast`; it may be `copy`, `splice`, `pipe`, `sockmap`")]
    [InlineData("?state=closed", "it may be `connecting`, `open`, `half-closed`")]
    [InlineData("?client=localhost", "client: `localhost` is not an IP address")]
    [InlineData("?client=10.0.0.1/8", "client: `10.0.0.1/8` has bits set behind its first 8")]
    [InlineData("?min_age=5", "min_age: `5` has no unit; write 5s, 5ms or 5m")]
    [InlineData("?limit=0", "limit: `0` is not a number it may be; it may be 1 to 1000000")]
    [InlineData("?state=open&state=open", "state: give it one value")]
    [InlineData("?state=", "state: give it one value")]
    public async Task What_a_query_cannot_ask_for_is_said(string query, string problem)
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo());
        using HttpResponseMessage answer = await daemon.SendAsync(HttpMethod.Get, "/connections" + query);
        Assert.Equal(400, (int)answer.StatusCode);
        string said = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains(problem, said.Replace("half-closed`?", "half-closed`", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory(Timeout = Timeout)]
    [InlineData(TransportKind.Reactor)]
    [InlineData(TransportKind.Sockets)]
    public async Task One_connection_is_shown_and_reset_on_both_sides(TransportKind transport)
    {
        using TcpListener server = YamlConfigs.Listen(out int port);
        await using RunningDaemon daemon = await StartAsync(Configs.Of(Configs.Cluster(endpoints: Configs.Ip(port))), transport);
        (Socket keptClient, Socket kept) = (await daemon.ConnectAsync(), await server.AcceptAsync());
        (Socket client, Socket upstream) = (await daemon.ConnectAsync(), await server.AcceptAsync());
        await client.SayAsync("hello");
        await upstream.HearAsync("hello");
        await daemon.UntilAsync("\"id\":2");
        Assert.Contains("\"id\":2", await daemon.GetAsync("/connections/2"), StringComparison.Ordinal);
        Assert.Equal(403, (int)(await daemon.SendAsync(HttpMethod.Delete, "/connections/2")).StatusCode);
        Assert.Equal(200, (int)(await daemon.SendAsync(HttpMethod.Delete, "/connections/2", Token)).StatusCode);
        await client.HearResetAsync();
        await upstream.HearResetAsync();
        AccessRecord record = Assert.Single(await daemon.RecordsAsync(1));
        Assert.Equal((2, EndReason.ClosedByAdmin, 5), (record.Id, record.End, record.BytesFromClient));
        await keptClient.SayAsync("still");
        await kept.HearAsync("still");
        Close([keptClient, kept, client, upstream]);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task Of_what_is_not_open_nothing_is_shown_or_ended(string method)
    {
        await using RunningDaemon daemon = await StartAsync(Configs.Echo());
        foreach (string id in new[] { "1", "x", "", "-1", "99999999999999999999" })
            Assert.Equal(404, (int)(await daemon.SendAsync(new HttpMethod(method), $"/connections/{id}", Token)).StatusCode);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_connection_that_the_kernel_carries_is_reset_as_well()
    {
        Rights.RequireKernel();
        using var server = new EchoServer();
        SluiceConfig config = Configs.Of(Configs.Cluster(endpoints: Configs.Ip(server.Port)));
        await using RunningDaemon daemon = await StartAsync(config with { Runtime = config.Runtime with { Offload = OffloadMode.Sockmap } });
        await daemon.UntilOffloadIsKnownAsync();
        using Socket client = await daemon.ConnectAsync();
        long pings = await daemon.UntilInKernelAsync(client);
        Assert.Equal(200, (int)(await daemon.SendAsync(HttpMethod.Delete, "/connections/1", Token)).StatusCode);
        await client.HearResetAsync();
        AccessRecord record = Assert.Single(await daemon.RecordsAsync(1));
        Assert.Equal((EndReason.ClosedByAdmin, pings, pings), (record.End, record.BytesFromClient, record.BytesFromUpstream));
        await daemon.UntilNothingIsTakenAsync();
    }

    private Task<RunningDaemon> StartAsync(SluiceConfig config, TransportKind transport = TransportKind.Reactor) =>
        RunningDaemon.StartAsync(config with { Admin = config.Admin with { TokenFile = _token } }, transport);

    // One after the other, so that their numbers are known.
    private static async Task<Socket[]> OpenAsync(RunningDaemon daemon, int count)
    {
        var clients = new Socket[count];
        for (int i = 0; i < count; i++)
        {
            clients[i] = await daemon.ConnectAsync();
            await clients[i].PingAsync();
        }

        return clients;
    }

    private static void Close(IEnumerable<Socket> sockets)
    {
        foreach (Socket socket in sockets)
            socket.Dispose();
    }

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;
}
