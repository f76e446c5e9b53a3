using System.Net.Sockets;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Tests.Hosting;

namespace Sluice.ProxyHost.Tests.Admin;

public sealed class ReadOnlyTests : IDisposable
{
    private const int Timeout = 60_000;
    private readonly string _token = Path.Combine(Path.GetTempPath(), $"sluice-token-{Guid.NewGuid():N}");

    public ReadOnlyTests() => File.WriteAllText(_token, "s3cret\n");

    public void Dispose() => File.Delete(_token);

    [Fact(Timeout = Timeout)]
    public async Task The_second_address_shows_everything_and_changes_nothing_token_or_not()
    {
        SluiceConfig config = Configs.Echo();
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(config with { Admin = config.Admin with { TokenFile = _token, ReadOnlyListen = new("any", Configs.AnyPort) } });
        using Socket client = await daemon.ConnectAsync();
        await client.PingAsync();
        Assert.NotEqual(daemon.Admin.Port, daemon.ReadOnly.Port);
        foreach (string page in new[] { "/", "/healthz", "/readyz", "/connections", "/connections/1", "/clusters", "/config", "/recorder", "/live", "/metrics" })
            Assert.Equal(200, await StatusAsync(daemon, HttpMethod.Get, page));
        foreach (string page in new[] { "/drain", "/reload", "/connections/1" })
        {
            Assert.Equal(405, await StatusAsync(daemon, HttpMethod.Post, page));
            Assert.Equal(405, await StatusAsync(daemon, HttpMethod.Delete, page));
        }

        await client.PingAsync();
        Assert.Equal(200, (int)(await daemon.SendAsync(HttpMethod.Delete, "/connections/1", "s3cret")).StatusCode);
        await client.HearResetAsync();
    }

    private static async Task<int> StatusAsync(RunningDaemon daemon, HttpMethod method, string page)
    {
        using var request = new HttpRequestMessage(method, page);
        request.Headers.Authorization = new("Bearer", "s3cret");
        using var http = new HttpClient { BaseAddress = daemon.ReadOnly };
        using HttpResponseMessage answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }
}
