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

    private SluiceProcess(Child child, int adminPort, string? config, Dictionary<string, int> ports)
    {
        (_child, _config, _ports) = (child, config, ports);
        _admin = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{adminPort}") };
    }

    /// <summary>Starts the daemon and waits until it is ready.</summary>
    /// <param name="upstreams">The addresses to proxy to, each with a listener of its own.</param>
    /// <param name="transport">runtime.transport.</param>
    /// <param name="listener">More keys for each listener, as YAML lines.</param>
    public static Task<SluiceProcess> StartAsync(IEnumerable<string> upstreams, string transport = "reactor", params string[] listener) =>
        StartAsync(upstreams, transport, listener, []);

    /// <summary>As above, with more keys for each cluster.</summary>
    public static async Task<SluiceProcess> StartAsync(IEnumerable<string> upstreams, string transport, string[] listener, string[] cluster)
    {
        Dictionary<string, int> ports = upstreams.ToDictionary(upstream => upstream, _ => Ports.Free());
        int adminPort = Ports.Free();
        string config = Path.Combine(Path.GetTempPath(), $"sluice-{Environment.ProcessId}-{adminPort}.yaml");
        await File.WriteAllTextAsync(config, Yaml(ports, adminPort, transport, listener, cluster), Deadline.Token);
        return await UntilReadyAsync(new SluiceProcess(Run(config), adminPort, config, ports));
    }

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
        Child child = Run(PathOf(example), [("ADMIN_LISTEN", $"127.0.0.1:{adminPort}"), .. variables]);
        return UntilReadyAsync(new SluiceProcess(child, adminPort, null, []));
    }

    /// <summary>The path of a file of config/examples.</summary>
    public static string PathOf(string example) => Path.Combine(Root(AppContext.BaseDirectory), "config/examples", example);

    /// <summary>Where the upstream can be reached through the daemon.</summary>
    public IPEndPoint To(string upstream) => new(IPAddress.Loopback, _ports[upstream]);

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

    /// <summary>SIGTERM; fails unless the daemon exits with 0.</summary>
    public async Task StopAsync()
    {
        using (var kill = System.Diagnostics.Process.Start("kill", ["-TERM", _child.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync(Deadline.Token);
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
            if (_config is not null)
                File.Delete(_config);
        }
    }

    private static Child Run(string config, params (string Name, string Value)[] variables) =>
        new(Path.Combine(AppContext.BaseDirectory, "sluice"), ["run", config], environment: variables);

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

    private static string Yaml(Dictionary<string, int> ports, int adminPort, string transport, string[] listener, string[] cluster)
    {
        string more = string.Concat(listener.Select(line => $"    {line}\n"));
        string ofCluster = string.Concat(cluster.Select(line => $"    {line}\n"));
        return $"""
            admin:
              listen: 127.0.0.1:{adminPort}
            runtime:
              transport: {transport}
              drain_timeout: 2s
            log:
              access: false
            listeners:
            {string.Concat(ports.Values.Select(port => $"  - name: l{port}\n    listen: 127.0.0.1:{port}\n    cluster: c{port}\n{more}"))}
            clusters:
            {string.Concat(ports.Select(pair => $"  - name: c{pair.Value}\n    endpoints: [\"{pair.Key}\"]\n    max_connections: 20000\n{ofCluster}"))}
            """;
    }
}
