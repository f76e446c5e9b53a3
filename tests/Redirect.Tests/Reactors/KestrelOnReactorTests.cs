using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Tests.Reactors;

/// <summary>Shows that the reactor is a Kestrel transport: Kestrel's HTTP server runs on it and a stock HttpClient likes it.</summary>
public sealed class KestrelOnReactorTests : IAsyncLifetime
{
    private readonly ReactorTransportFactory _transport = new(new ReactorTransportOptions { Reactors = 2 });
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(30) };
    private WebApplication _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IConnectionListenerFactory>(_transport);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.MapGet("/hello", () => "hello");
        _app.MapGet("/where", (HttpContext context) => $"{context.Connection.RemoteIpAddress} {context.Connection.LocalPort}");
        _app.MapPost("/hash", async (HttpRequest request) => Convert.ToHexString(await SHA256.HashDataAsync(request.Body)));
        _app.MapPost("/echo", async (HttpContext context) => await context.Request.Body.CopyToAsync(context.Response.Body));
        await _app.StartAsync(Token);
        string address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        _client.BaseAddress = new Uri(address);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        await _transport.DisposeAsync();
    }

    [Fact]
    public async Task Answers_many_requests_at_once()
    {
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => _client.GetStringAsync("/hello", Token)));
        Assert.All(answers, answer => Assert.Equal("hello", answer));
    }

    [Fact]
    public async Task Knows_both_addresses()
    {
        Assert.Equal($"127.0.0.1 {_client.BaseAddress!.Port}", await _client.GetStringAsync("/where", Token));
    }

    [Fact]
    public async Task Carries_large_bodies_both_ways()
    {
        byte[] body = new byte[8 * 1024 * 1024];
        new Random(1).NextBytes(body);

        using HttpResponseMessage hashed = await _client.PostAsync("/hash", new ByteArrayContent(body), Token);
        Assert.Equal(Convert.ToHexString(SHA256.HashData(body)), await hashed.Content.ReadAsStringAsync(Token));

        // HttpClient reads no answer before it has sent such a body whole, so an echo must fit into the buffers on its way.
        byte[] part = body[..(1024 * 1024)];
        using HttpResponseMessage echoed = await _client.PostAsync("/echo", new ByteArrayContent(part), Token);
        Assert.Equal(part, await echoed.Content.ReadAsByteArrayAsync(Token));
    }

    [Fact]
    public async Task Stops_while_a_connection_is_kept_alive()
    {
        Assert.Equal("hello", await _client.GetStringAsync("/hello", Token));
        await _app.StopAsync(Token);
        await Assert.ThrowsAsync<HttpRequestException>(() => _client.GetStringAsync("/hello", Token));
    }

    [Fact]
    public async Task Connects_as_a_connection_factory()
    {
        IConnectionFactory factory = _transport;
        await using ConnectionContext connection =
            await factory.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _client.BaseAddress!.Port), Token);
        await connection.Transport.Output.WriteAsync("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray(), Token);

        using var reader = new StreamReader(connection.Transport.Input.AsStream());
        Assert.StartsWith("HTTP/1.1 200 OK", await reader.ReadToEndAsync(Token), StringComparison.Ordinal);
    }
}
