using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Hosting;
using Sluice.ProxyHost.Listeners;
using Sluice.ProxyHost.Tests.Telemetry;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>A daemon inside the test process, on ports the kernel chose, with real sockets on the loopback.</summary>
internal sealed class RunningDaemon : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private RunningDaemon(WebApplication app, RecordingLoggers logs)
    {
        (_app, Logs) = (app, logs);
        EndPoint = (IPEndPoint)app.Services.GetRequiredService<ListenerSet>().Bound[0].Queue.EndPoint;
        _http = new HttpClient { BaseAddress = Base(app.Urls.Single()), Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>Where the first listener listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Where the admin endpoint listens.</summary>
    public IPEndPoint Admin => new(IPAddress.Loopback, _http.BaseAddress!.Port);

    public RecordingLoggers Logs { get; }

    public static async Task<RunningDaemon> StartAsync(SluiceConfig config, TransportKind transport = TransportKind.Reactor)
    {
        config = config with { Runtime = config.Runtime with { Transport = transport } };
        var logs = new RecordingLoggers();
        WebApplication app = Daemon.Build(config, services => services.AddSingleton<ILoggerFactory>(logs));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new RunningDaemon(app, logs);
    }

    // A unix socket has no URL that HttpClient understands; such a daemon is asked by other means.
    private static Uri Base(string url) =>
        url.Contains("unix:", StringComparison.Ordinal) ? new Uri("http://unix.invalid") : new Uri(url.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal));

    public async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(EndPoint, TestContext.Current.CancellationToken);
        return socket;
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path) =>
        _http.SendAsync(new HttpRequestMessage(method, path), TestContext.Current.CancellationToken);

    public Task<string> GetAsync(string path) => _http.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    /// <summary>Waits until /connections says so.</summary>
    public async Task UntilAsync(string text)
    {
        while (!(await GetAsync("/connections")).Contains(text, StringComparison.Ordinal))
            await Task.Yield();
    }

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        Logs.Dispose();
    }
}
