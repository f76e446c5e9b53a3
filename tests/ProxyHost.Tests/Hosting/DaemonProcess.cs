using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>The daemon as a process of its own: what only signals, limits, environment and exit codes show.</summary>
internal sealed class DaemonProcess : IAsyncDisposable
{
    private string _config = Path.Combine(Path.GetTempPath(), $"sluice-{Guid.NewGuid():N}.yaml");
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly SemaphoreSlim _news = new(0);
    private readonly HttpClient _admin;
    private Process? _process;
    private bool _isSuccessor;

    private DaemonProcess()
    {
        Admin = new(IPAddress.Loopback, DaemonTests.UnusedPort());
        _admin = new HttpClient { BaseAddress = new Uri($"http://{Admin}"), Timeout = TimeSpan.FromSeconds(30) };
    }

    public IPEndPoint Front { get; private init; } = new(IPAddress.Loopback, DaemonTests.UnusedPort());

    public IPEndPoint Admin { get; }

    public int Id => _process!.Id;

    /// <summary>What it wrote to standard output so far.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    /// <summary>Starts it and waits until it says that it is ready.</summary>
    /// <param name="endpoint">What the listener proxies to.</param>
    /// <param name="more">Further sections of the configuration.</param>
    /// <param name="environment">Variables, besides those of the tests.</param>
    /// <param name="connectTimeout">Of one attempt to connect.</param>
    /// <param name="admin">More keys of the admin endpoint, in flow style, with a comma before them.</param>
    /// <param name="port">Where it listens; 0: anywhere.</param>
    /// <param name="under">A command that starts it with other rights, and its arguments.</param>
    public static async Task<DaemonProcess> StartAsync(
        string endpoint = "builtin:echo", string more = "", IEnumerable<(string Name, string Value)>? environment = null,
        string connectTimeout = "5s", string admin = "", int port = 0, params string[] under)
    {
        DaemonProcess daemon = port == 0 ? new() : new() { Front = new(IPAddress.Loopback, port) };
        await File.WriteAllTextAsync(
            daemon._config,
            $$"""
            admin: { listen: {{daemon.Admin}}{{admin}} }
            listeners: [{ name: front, listen: {{daemon.Front}}, cluster: back }]
            clusters: [{ name: back, endpoints: ["{{endpoint}}"], connect_timeout: {{connectTimeout}} }]
            {{more}}
            """,
            TestContext.Current.CancellationToken);
        daemon.Launch(environment ?? [], under);
        await daemon.LineAsync("ready after");
        return daemon;
    }

    /// <summary>Starts it with a configuration of which only the admin endpoint is given, and waits until it says that it is ready.</summary>
    public static async Task<DaemonProcess> StartWithAsync(string config, params string[] under)
    {
        var daemon = new DaemonProcess();
        await File.WriteAllTextAsync(daemon._config, $"admin: {{ listen: {daemon.Admin} }}\n{config}", TestContext.Current.CancellationToken);
        daemon.Launch([], under);
        await daemon.LineAsync("ready after");
        return daemon;
    }

    /// <summary>Starts another process with the same file, and waits until it says that it is ready.</summary>
    /// <param name="waits">False: it is only started.</param>
    /// <param name="under">A command that starts it, and its arguments.</param>
    public async Task<DaemonProcess> StartSuccessorAsync(bool waits = true, params string[] under)
    {
        var daemon = new DaemonProcess { Front = Front, _config = _config, _isSuccessor = true };
        daemon._admin.Dispose();
        daemon.Launch([], under);
        if (waits)
            await daemon.LineAsync("ready after");
        return daemon;
    }

    private void Launch(IEnumerable<(string Name, string Value)> environment, string[] under)
    {
        // Tests that a shell runs in the background ignore SIGINT, those under nohup SIGHUP, and their children would inherit that.
        string sluice = Path.Combine(AppContext.BaseDirectory, "sluice");
        var start = new ProcessStartInfo("/usr/bin/env", ["--default-signal=INT,HUP", .. under, sluice, "run", _config])
        {
            RedirectStandardOutput = true,
        };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _ = ReadAsync(_process.StandardOutput);
    }

    /// <summary>Waits until it has written a line with this text; fails when it ends before.</summary>
    public async Task LineAsync(string text)
    {
        while (!_lines.Any(line => line.Contains(text, StringComparison.Ordinal)))
        {
            await _news.WaitAsync(TestContext.Current.CancellationToken);
            Assert.False(_process!.HasExited, $"it ended before it wrote {text}:\n{string.Join('\n', _lines)}");
        }
    }

    public async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Front, TestContext.Current.CancellationToken);
        return socket;
    }

    /// <summary>A page of the admin endpoint; one connection serves all calls that follow each other.</summary>
    public Task<string> GetAsync(string path) => _admin.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    /// <summary>Its sockets that listen on a port, as the kernel numbers them, in the network namespace that it lives in.</summary>
    public async Task<string> SocketsAsync(int port)
    {
        string at = $":{port:X4} ";
        IEnumerable<string> lines = [];
        foreach (string table in (string[])["tcp", "tcp6"])
            lines = lines.Concat(await File.ReadAllLinesAsync($"/proc/{Id}/net/{table}", TestContext.Current.CancellationToken));
        return string.Join(' ', lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 9 && (fields[1] + ' ').EndsWith(at, StringComparison.Ordinal) && fields[3] == "0A").Select(fields => fields[9]).Order(StringComparer.Ordinal));
    }

    /// <summary>Waits until a page is so.</summary>
    public async Task UntilAsync(string path, Func<string, bool> isSo)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!isSo(await GetAsync(path)))
            await tick.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Asks for a change; the token may be null.</summary>
    public async Task<(int Status, string Body)> SendAsync(HttpMethod method, string path, string? token = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        using HttpResponseMessage response = await _admin.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Puts another file in the configuration's place, as editors do.</summary>
    public async Task EditAsync(Func<string, string> change)
    {
        string text = await File.ReadAllTextAsync(_config, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_config + ".new", change(text), TestContext.Current.CancellationToken);
        File.Move(_config + ".new", _config, overwrite: true);
    }

    public Task SignalAsync(string signal) => RunAsync("kill", "-s", signal, $"{Id}");

    public async Task<int> ExitCodeAsync()
    {
        await _process!.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Runs a program that has to succeed.</summary>
    public static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        _process?.Kill();
        await (_process?.WaitForExitAsync() ?? Task.CompletedTask);
        _process?.Dispose();
        _admin.Dispose();
        if (!_isSuccessor)
            File.Delete(_config);
    }

    private async Task ReadAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            _lines.Enqueue(line);
            _news.Release();
        }

        await _process!.WaitForExitAsync();
        _news.Release();
    }
}
