using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Hosting;
using Sluice.ProxyHost.Listeners;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Tests.Telemetry;
using Sluice.Redirect.Transports;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>A daemon inside the test process, on ports the kernel chose, with real sockets on the loopback.</summary>
internal sealed class RunningDaemon : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private RunningDaemon(WebApplication app, RecordingLoggers logs)
    {
        (_app, Logs) = (app, logs);
        Address = app.Services.GetRequiredService<ListenerSet>().Bound[0].Queue.EndPoint;
        _http = new HttpClient { BaseAddress = Base(app.Urls.Single()), Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>Where the first listener listens.</summary>
    public EndPoint Address { get; }

    /// <summary>The same where it is an IP address.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)Address;

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
        var socket = new Socket(Address.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(Address, TestContext.Current.CancellationToken);
        return socket;
    }

    /// <summary>Waits until no connection is left and everything that any has taken was given back.</summary>
    public async Task UntilNothingIsTakenAsync()
    {
        while (Taken() is not "")
        {
            Assert.False(TestContext.Current.CancellationToken.IsCancellationRequested, $"still taken: {Taken()}");
            await Task.Yield();
        }
    }

    /// <summary>Waits until a series of /metrics, given by a pattern up to its value, has this value.</summary>
    public async Task UntilMeasuredAsync([StringSyntax(StringSyntaxAttribute.Regex)] string series, long expected)
    {
        var pattern = new Regex($"^{series} (\\d+)$", RegexOptions.Multiline);
        string metrics;
        do
        {
            metrics = await GetAsync("/metrics");
            Assert.False(TestContext.Current.CancellationToken.IsCancellationRequested, metrics);
            await Task.Yield();
        }
        while (pattern.Match(metrics) is not { Success: true } match || match.Groups[1].Value != $"{expected}");
    }

    /// <summary>Waits until a rule has been counted so often.</summary>
    public Task UntilCountedAsync(string rule, long expected) =>
        UntilMeasuredAsync($"sluice_rule_verdicts_total\\{{(?=[^}}]*rule=\"{rule}\")[^}}]*\\}}", expected);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path) =>
        _http.SendAsync(new HttpRequestMessage(method, path), TestContext.Current.CancellationToken);

    public Task<string> GetAsync(string path) => _http.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    /// <summary>Waits until /connections says so.</summary>
    public async Task UntilAsync(string text)
    {
        while (!(await GetAsync("/connections")).Contains(text, StringComparison.Ordinal))
            await Task.Yield();
    }

    private string Taken()
    {
        ProxyModel model = _app.Services.GetRequiredService<ProxyModel>();
        IEnumerable<(string What, long Count)> taken =
        [
            ("connections", _app.Services.GetRequiredService<ConnectionTable>().Count),
            ("held bytes", (_app.Services.GetRequiredService<ITransport>() as ReactorTransport)?.Reactors.Sum(reactor => reactor.HeldBytes) ?? 0),
            .. model.Listeners.Select(listener => ($"places of {listener.Config.Name}", (long)listener.Connections.Current)),
            .. model.Listeners.SelectMany(listener => listener.Clusters).Select(cluster => ($"{cluster.Listener.Config.Name} to {cluster.Cluster.Config.Name}", (long)cluster.Current)),
            .. model.Listeners.Select(listener => ($"map entries of {listener.Config.Name}", (long)listener.Maps.Clients.Count + listener.Maps.Upstreams.Count)),
            .. model.Clusters.Select(cluster => ($"places of {cluster.Config.Name}", (long)cluster.Connections.Current)),
            .. model.Clusters.SelectMany(cluster => cluster.Endpoints).Select(endpoint => (endpoint.Config.Text, (long)endpoint.InUse + endpoint.Open)),
        ];
        return string.Join(", ", taken.Where(one => one.Count != 0).Select(one => $"{one.Count} {one.What}"));
    }

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        Logs.Dispose();
    }
}
