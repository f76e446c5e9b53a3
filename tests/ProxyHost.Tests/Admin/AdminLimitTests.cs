using System.Net.Sockets;
using System.Text;
using Sluice.ProxyHost.Admin;
using Sluice.ProxyHost.Tests.Hosting;

namespace Sluice.ProxyHost.Tests.Admin;

/// <summary>What the admin endpoint takes of a client that means ill.</summary>
public class AdminLimitTests
{
    private const int Timeout = 120_000;

    [Theory(Timeout = Timeout)]
    [InlineData("POST /reload HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx", "HTTP/1.1 403")]
    [InlineData("GET /{line} HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 414")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: {headers}\r\n\r\n", "HTTP/1.1 431")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n{many}\r\n", "HTTP/1.1 431")]
    public async Task A_request_that_is_too_much_is_refused(string request, string answer)
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo());
        using Socket client = await ConnectAsync(daemon);
        string text = request.Replace("{line}", new string('a', AdminLimits.RequestLine), StringComparison.Ordinal)
            .Replace("{headers}", new string('a', AdminLimits.Headers), StringComparison.Ordinal)
            .Replace("{many}", string.Concat(Enumerable.Range(0, 60).Select(i => $"x{i}: 1\r\n")), StringComparison.Ordinal);
        await client.SendAsync(Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken);
        byte[] first = new byte[answer.Length];
        await using var stream = new NetworkStream(client);
        await stream.ReadExactlyAsync(first, TestContext.Current.CancellationToken);
        Assert.Equal(answer, Encoding.ASCII.GetString(first));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_client_that_does_not_finish_its_request_is_not_waited_for()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo());
        using Socket client = await ConnectAsync(daemon);
        await client.SendAsync("GET / HTTP/1.1\r\nHost:"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 408", Encoding.ASCII.GetString(await client.ReadToEndAsync()), StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task Clients_beyond_the_limit_are_closed_and_places_come_back()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo());
        List<Socket> clients = [];
        for (int i = 0; i < AdminLimits.Connections; i++)
        {
            clients.Add(await ConnectAsync(daemon));
            Assert.True(await IsAnsweredAsync(clients[i]), $"client {i} gets no answer");
        }

        using (Socket beyond = await ConnectAsync(daemon))
            Assert.False(await IsAnsweredAsync(beyond));
        clients.ForEach(client => client.Dispose());
        bool isAnswered = false;
        while (!isAnswered)
        {
            using Socket next = await ConnectAsync(daemon);
            isAnswered = await IsAnsweredAsync(next);
        }
    }

    private static async Task<Socket> ConnectAsync(RunningDaemon daemon)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(daemon.Admin, TestContext.Current.CancellationToken);
        return client;
    }

    private static async Task<bool> IsAnsweredAsync(Socket client)
    {
        try
        {
            await client.SendAsync("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
            return await client.ReceiveAsync(new byte[1024], TestContext.Current.CancellationToken) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
