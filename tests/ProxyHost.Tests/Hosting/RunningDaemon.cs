using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sluice.ProxyHost.Admin.Live;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Hosting;
using Sluice.ProxyHost.Listeners;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Reloading;
using Sluice.ProxyHost.Telemetry;
using Sluice.ProxyHost.Tests.Telemetry;
using Sluice.Redirect;
using Sluice.Redirect.Transports;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>A daemon inside the test process, on ports the kernel chose, with real sockets on the loopback.</summary>
internal sealed class RunningDaemon : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;
    private readonly Measurements _measurements;

    private RunningDaemon(WebApplication app, RecordingLoggers logs)
    {
        (_app, Logs) = (app, logs);
        _measurements = new Measurements(app.Services.GetRequiredService<ProxyMetrics>());
        Address = app.Services.GetRequiredService<ListenerSet>().Bound[0].Queue.EndPoint;
        _http = new HttpClient { BaseAddress = Base(app.Urls.First()), Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>Where the first listener listens.</summary>
    public EndPoint Address { get; }

    /// <summary>The same where it is an IP address.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)Address;

    /// <summary>Where the admin endpoint listens.</summary>
    public IPEndPoint Admin => new(IPAddress.Loopback, _http.BaseAddress!.Port);

    /// <summary>Where the admin endpoint serves reading only.</summary>
    public Uri ReadOnly => Base(_app.Urls.Last());

    public RecordingLoggers Logs { get; }

    public static async Task<RunningDaemon> StartAsync(SluiceConfig config, TransportKind transport = TransportKind.Reactor, string? path = null, Action<IServiceCollection>? configure = null)
    {
        config = config with { Runtime = config.Runtime with { Transport = transport } };
        var logs = new RecordingLoggers();
        WebApplication app = Daemon.Build(config, path, services =>
        {
            services.AddSingleton<ILoggerFactory>(logs);
            configure?.Invoke(services);
        });
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
    public Task UntilNothingIsTakenAsync() => UntilAsync(() => Task.FromResult(Taken() is "" ? null : $"still taken: {Taken()}"));

    /// <summary>Waits for the records of so many ended connections.</summary>
    public async Task<IReadOnlyList<AccessRecord>> RecordsAsync(int count)
    {
        await UntilAsync(() => Task.FromResult(Logs.Access.Count >= count ? null : $"{Logs.Access.Count} of {count} connections have ended"));
        Assert.Equal(count, Logs.Access.Count);
        return Logs.Access;
    }

    /// <summary>All connections that have ended, so many, were drained and none was left.</summary>
    public async Task AssertDrainedAsync(int count)
    {
        Assert.All(await RecordsAsync(count), record => Assert.Equal(EndReason.Drained, record.End));
        Assert.DoesNotContain(Logs.Lines, line => line.Contains("still closing", StringComparison.Ordinal));
    }

    /// <summary>Talks over the only connection until the kernel carries it; the result is how many bytes that took each way.</summary>
    public async Task<long> UntilInKernelAsync(Socket client)
    {
        Assert.DoesNotContain(Logs.Lines, line => line.Contains("NOT trusted", StringComparison.Ordinal));
        // When a connection is offered acknowledgements may be under way, and the next message must do.
        long pings = 0;
        do
        {
            await client.PingAsync();
            pings++;
        }
        while (pings % 50 != 0 || !(await GetAsync("/connections?data_path=sockmap")).Contains("\"count\":1,", StringComparison.Ordinal));
        return pings;
    }

    /// <summary>Waits until a record is so.</summary>
    public Task UntilRecordedAsync(Func<AccessRecord, bool> isSo) =>
        UntilAsync(() => Task.FromResult(Logs.Access.Any(isSo) ? null : $"none of {string.Join('\n', Logs.Access.Select(record => record.ToString()))}"));

    /// <summary>Waits until it is known whether the kernel carries connections.</summary>
    public Task UntilOffloadIsKnownAsync() => _app.Services.GetRequiredService<OffloadPreflight>().Completion.WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>Waits until an instrument's series with these attributes have this sum.</summary>
    public Task UntilMeasuredAsync(string instrument, long expected, params (string Name, object Value)[] attributes) => UntilAsync(() =>
    {
        long sum = _measurements.Sum(instrument, attributes);
        return Task.FromResult(sum == expected ? null : $"{instrument} of {string.Join(", ", attributes)} is {sum}, not {expected}");
    });

    /// <summary>Waits until a line of the log says so.</summary>
    public Task UntilLoggedAsync(string text) => UntilAsync(
        () => Task.FromResult(Logs.Lines.Any(line => line.Contains(text, StringComparison.Ordinal)) ? null : $"no {text}: {string.Join('\n', Logs.Lines)}"));

    /// <summary>Waits until a rule has been counted so often.</summary>
    public Task UntilCountedAsync(string rule, long expected) => UntilMeasuredAsync("sluice.rule.verdicts", expected, ("rule", rule));

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token = null)
    {
        var request = new HttpRequestMessage(method, path);
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        return _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<string> GetAsync(string path) => _http.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    /// <summary>What /live says.</summary>
    public async Task<LiveView> LiveAsync(string query = "") => JsonSerializer.Deserialize(await GetAsync("/live" + query), LiveJson.Default.LiveView)!;

    /// <summary>Waits until /live is so, and gives it.</summary>
    public async Task<LiveView> UntilLiveAsync(Func<LiveView, bool> isSo)
    {
        LiveView? live = null;
        await UntilAsync(async () => isSo(live = await LiveAsync()) ? null : $"not so: {JsonSerializer.Serialize(live, LiveJson.Default.LiveView)}");
        return live!;
    }

    /// <summary>Waits until /connections says so.</summary>
    public Task UntilAsync(string text) => UntilAsync(
        async () => await GetAsync("/connections") is var connections && connections.Contains(text, StringComparison.Ordinal) ? null : $"no {text}: {connections}");

    // Fails with what is still missing when that has lasted for long.
    private static async Task UntilAsync(Func<Task<string?>> missing)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        long hung = Environment.TickCount64 + 40_000;
        while (await missing() is { } what)
        {
            Assert.True(Environment.TickCount64 < hung, what);
            await tick.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
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

    /// <summary>Takes over another configuration, which is given as a change of the one that goes.</summary>
    public Task<ReloadAttempt> ReloadAsync(Func<SluiceConfig, SluiceConfig> change) =>
        _app.Services.GetRequiredService<Reloader>().ApplyAsync(change(Model.Config), "test", TestContext.Current.CancellationToken);

    /// <summary>What runs it.</summary>
    public ProxyModel Model => _app.Services.GetRequiredService<ProxyModel>();

    /// <summary>A part of it.</summary>
    public T Service<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Where a listener listens.</summary>
    public IPEndPoint AddressOf(string listener) =>
        (IPEndPoint)_app.Services.GetRequiredService<ListenerSet>().Bound.First(bound => bound.Listener.Config.Name == listener).Queue.EndPoint;

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _measurements.Dispose();
        await _app.DisposeAsync();
        Logs.Dispose();
    }
}
