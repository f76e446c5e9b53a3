using System.Globalization;
using System.Net;
using System.Text.Json;
using Sluice.Functional.Wire;

namespace Sluice.Programs.Processes;

/// <summary>The daemon, as built, as a process of its own: with a listener per upstream address, or with an example's configuration.</summary>
internal sealed class SluiceProcess : IAsyncDisposable
{
    private readonly Child _child;
    private readonly HttpClient _admin;
    private readonly string? _config;
    private readonly Dictionary<string, int> _ports;
    private readonly SluiceSetup _setup;
    private readonly int _adminPort;
    private bool _wasKilled;

    private SluiceProcess(Child child, int adminPort, string? config, Dictionary<string, int> ports, SluiceSetup setup)
    {
        (_child, _config, _ports, _setup, _adminPort) = (child, config, ports, setup, adminPort);
        _admin = new HttpClient(new SocketsHttpHandler { ConnectCallback = setup.Reach }) { BaseAddress = new Uri($"http://127.0.0.1:{adminPort}") };
    }

    /// <summary>Starts the daemon and waits until it is ready.</summary>
    /// <param name="upstreams">The addresses to proxy to, each with a listener of its own; several with commas between are endpoints of one.</param>
    /// <param name="transport">runtime.transport.</param>
    /// <param name="listener">More keys for each listener, as YAML lines.</param>
    public static Task<SluiceProcess> StartAsync(IEnumerable<string> upstreams, string transport = "reactor", params string[] listener) =>
        StartAsync(upstreams, transport, listener, []);

    /// <summary>As above, with more keys for each cluster.</summary>
    public static Task<SluiceProcess> StartAsync(IEnumerable<string> upstreams, string transport, string[] listener, string[] cluster) =>
        StartAsync(upstreams, new SluiceSetup { Transport = transport, Listener = listener, Cluster = cluster });

    /// <summary>As above, with whatever else its configuration has.</summary>
    public static async Task<SluiceProcess> StartAsync(IEnumerable<string> upstreams, SluiceSetup setup)
    {
        Dictionary<string, int> ports = upstreams.ToDictionary(upstream => upstream, _ => Ports.Free());
        int adminPort = Ports.Free();
        string config = Path.Combine(Path.GetTempPath(), $"sluice-{Environment.ProcessId}-{adminPort}.yaml");
        await File.WriteAllTextAsync(config, setup.Yaml(ports, adminPort), Deadline.Token);
        return await UntilReadyAsync(new SluiceProcess(Run(config, setup), adminPort, config, ports, setup));
    }

    /// <summary>Starts another with the same configuration, as a supervisor would after this one has died.</summary>
    public Task<SluiceProcess> RestartAsync() => UntilReadyAsync(new SluiceProcess(Run(_config!, _setup), _adminPort, _config, _ports, _setup));

    /// <summary>Starts it with or without the bypass, of which it then knows whether this kernel may be trusted with it.</summary>
    public static async Task<SluiceProcess> StartAsync(string upstream, bool bypasses)
    {
        SluiceProcess sluice = await StartAsync([upstream], "reactor", bypasses ? ["offload: bypass"] : []);
        if (bypasses)
            await sluice.LoggedAsync("offload: ", "on this host may send past the proxy");
        return sluice;
    }

    /// <summary>Fails unless at least so many messages went past it.</summary>
    public async Task AssertBypassedAsync(long messages)
    {
        const string Counter = "sluice_offload_messages_total{otel_scope_name=\"Sluice\",outcome=\"redirected\"} ";
        string metrics = await MetricsAsync();
        string? line = metrics.Split('\n').FirstOrDefault(line => line.StartsWith(Counter, StringComparison.Ordinal));
        Assert.True(line is not null && long.Parse(line[Counter.Length..], CultureInfo.InvariantCulture) >= messages, $"{line ?? metrics}; {messages} were expected");
    }

    /// <summary>Starts the daemon with a file of config/examples as it is and waits until it is ready.</summary>
    /// <param name="example">The file's name.</param>
    /// <param name="variables">What the file takes from the environment, besides the admin endpoint.</param>
    public static Task<SluiceProcess> StartExampleAsync(string example, params (string Name, string Value)[] variables)
    {
        int adminPort = Ports.Free();
        Child child = Run(PathOf(example), new SluiceSetup(), [("ADMIN_LISTEN", $"127.0.0.1:{adminPort}"), .. variables]);
        return UntilReadyAsync(new SluiceProcess(child, adminPort, null, [], new SluiceSetup()));
    }

    /// <summary>Starts the daemon with a configuration of which only the admin endpoint is given, and waits until it is ready.</summary>
    /// <param name="config">Everything else, as YAML.</param>
    /// <param name="adminPort">Where the admin endpoint is; 0: anywhere.</param>
    /// <param name="admin">More keys of it, in flow style, with a comma before them.</param>
    public static async Task<SluiceProcess> StartConfigAsync(string config, int adminPort = 0, string admin = "")
    {
        if (adminPort == 0)
            adminPort = Ports.Free();
        string path = Path.Combine(Path.GetTempPath(), $"sluice-{Environment.ProcessId}-{adminPort}.yaml");
        await File.WriteAllTextAsync(path, $"admin: {{ listen: 127.0.0.1:{adminPort}{admin} }}\n{config}", Deadline.Token);
        return await UntilReadyAsync(new SluiceProcess(Run(path, new SluiceSetup()), adminPort, path, [], new SluiceSetup()));
    }

    /// <summary>Where its admin endpoint is.</summary>
    public Uri Admin => _admin.BaseAddress!;

    /// <summary>The path of a file of config/examples.</summary>
    public static string PathOf(string example) => Path.Combine(Root(AppContext.BaseDirectory), "config/examples", example);

    /// <summary>Where the upstream can be reached through the daemon.</summary>
    public IPEndPoint To(string upstream) => new(IPAddress.Loopback, PortTo(upstream));

    /// <summary>The port of the listener for the upstream.</summary>
    public int PortTo(string upstream) => _ports[upstream];

    /// <summary>The process.</summary>
    public int Id => _child.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _child.HasExited;

    /// <summary>/connections, parsed.</summary>
    public async Task<JsonElement> ConnectionsAsync() => JsonElement.Parse(await _admin.GetStringAsync("/connections", Deadline.Token));

    /// <summary>/clusters, parsed.</summary>
    public async Task<JsonElement> ClustersAsync() => JsonElement.Parse(await _admin.GetStringAsync("/clusters", Deadline.Token));

    /// <summary>/metrics, as Prometheus gets it.</summary>
    public Task<string> MetricsAsync() => _admin.GetStringAsync("/metrics", Deadline.Token);

    /// <summary>What it has logged so far.</summary>
    public string Log => _child.Output;

    /// <summary>Waits until it has logged a line with all of these in it.</summary>
    public Task LoggedAsync(params string[] parts) => _child.UntilAsync(
        () => Log.Split('\n').Any(line => parts.All(part => line.Contains(part, StringComparison.Ordinal))),
        $"logging a line with {string.Join(" and ", parts)}");

    /// <summary>Sockets, pipes and the like that the daemon has open.</summary>
    public int Descriptors => FileDescriptors.CountOf(_child.Id.ToString(CultureInfo.InvariantCulture));

    /// <summary>Sockets that the daemon has open.</summary>
    public int OpenSockets => FileDescriptors.SocketsOf(_child.Id.ToString(CultureInfo.InvariantCulture));

    /// <summary>Resident memory in KiB.</summary>
    public int ResidentKiB => File.ReadLines($"/proc/{_child.Id}/status")
        .Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
        .Select(line => int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture))
        .Single();

    /// <summary>/recorder, as it is: the connections that did not complete.</summary>
    public Task<string> RecorderAsync() => _admin.GetStringAsync("/recorder", Deadline.Token);

    /// <summary>Threads of the daemon.</summary>
    public int Threads => Directory.GetDirectories($"/proc/{_child.Id}/task").Length;

    /// <summary>Puts another file in the configuration's place, as editors do, and has the daemon take it over.</summary>
    public async Task ReloadAsync(Func<string, string> change)
    {
        string text = await File.ReadAllTextAsync(_config!, Deadline.Token);
        await File.WriteAllTextAsync(_config + ".new", change(text), Deadline.Token);
        File.Move(_config + ".new", _config!, overwrite: true);
        await SignalAsync("HUP");
    }

    /// <summary>Sends it a signal, by its name without SIG.</summary>
    public Task SignalAsync(string signal) => Child.RunAsync("/bin/kill", "-s", signal, $"{_child.Id}");

    /// <summary>SIGKILL; completes when it is gone.</summary>
    public async Task KillAsync()
    {
        _wasKilled = true;
        await SignalAsync("KILL");
        await _child.ExitAsync();
    }

    /// <summary>SIGTERM; fails unless the daemon exits with 0.</summary>
    public async Task StopAsync()
    {
        await SignalAsync("TERM");
        await _child.SucceedAsync();
    }

    /// <summary>Stops it if the test has not, and fails if it did not exit cleanly.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_child.HasExited)
                await StopAsync();
        }
        finally
        {
            await _child.DisposeAsync();
            _admin.Dispose();
            if (_config is not null && !_wasKilled)
                File.Delete(_config); // of one that was killed another may have been started
        }
    }

    // Tests under nohup ignore SIGHUP, and their children would inherit that.
    private static Child Run(string config, SluiceSetup setup, params (string Name, string Value)[] variables) =>
        new("/usr/bin/env", ["--default-signal=HUP", .. setup.Under, setup.Binary ?? Path.Combine(AppContext.BaseDirectory, "sluice"), "run", config], environment: variables);

    private static async Task<SluiceProcess> UntilReadyAsync(SluiceProcess sluice)
    {
        try
        {
            await sluice._child.UntilAsync(sluice.IsReady, "being ready");
            return sluice;
        }
        catch
        {
            await sluice.DisposeAsync();
            throw;
        }
    }

    // The checkout that the tests run from.
    private static string Root(string folder) =>
        File.Exists(Path.Combine(folder, "Sluice.slnx")) ? folder
            : Root(Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("no Sluice.slnx above the tests"));

    private bool IsReady()
    {
        try
        {
            using HttpResponseMessage answer = _admin.Send(new HttpRequestMessage(HttpMethod.Get, "/readyz"), Deadline.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
