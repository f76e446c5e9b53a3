using System.Net;
using Sluice.Oracle.Ways;
using Sluice.Programs.Processes;
using TcpProxyConformance.Cases;
using TcpProxyConformance.Play;
using TcpProxyConformance.Runs;

namespace TcpProxyConformance.Tests.Proxies;

/// <summary>All cases through real proxies, which mostly wait: so all are played at a time. One that cannot be had on this machine skips its tests.</summary>
public sealed class ProxyRuns
{
    /// <summary>The tests that share them.</summary>
    public const string Collection = "proxies";

    private readonly Lazy<Task<RunResult>> _haproxy = new(() => PlayAsync("HAProxy", async upstream => await HaProxyProcess.StartAsync(upstream), proxy => proxy.EndPoint));
    private readonly Lazy<Task<RunResult>> _nginx = new(() => PlayAsync("nginx", async upstream => await NginxStream.StartAsync(upstream, ""), proxy => proxy.EndPoint));
    private readonly Lazy<Task<RunResult>> _nginxHalfClose = new(() => PlayAsync(
        "nginx", async upstream => await NginxStream.StartAsync(upstream, "proxy_half_close on;"), proxy => proxy.EndPoint));
    private readonly Dictionary<string, Lazy<Task<RunResult>>> _engines = Engine.All.ToDictionary(engine => engine.Name, engine => new Lazy<Task<RunResult>>(() => PlayAsync(engine)));

    public ProxyRuns() => _ = Task.WhenAll([_haproxy.Value, _nginx.Value, _nginxHalfClose.Value, .. _engines.Values.Select(run => run.Value)]);

    internal Task<RunResult> HaProxy => _haproxy.Value;

    /// <summary>nginx as it is by default.</summary>
    internal Task<RunResult> Nginx => _nginx.Value;

    /// <summary>nginx with <c>proxy_half_close on</c>.</summary>
    internal Task<RunResult> NginxHalfClose => _nginxHalfClose.Value;

    internal Task<RunResult> Sluice(string engine) => _engines[engine].Value;

    private static Task<RunResult> PlayAsync(Engine engine) =>
        PlayAsync("sluice", async upstream => await new SluiceEngine(engine).StartAsync(upstream), sluice => sluice.EndPoint, sluice => sluice.ConcludeAsync());

    private static async Task<RunResult> PlayAsync<T>(string name, Func<EndPoint, Task<T>> startAsync, Func<T, EndPoint> at, Func<T, Task>? concludeAsync = null)
        where T : IAsyncDisposable
    {
        RunResult direct = await Direct.Run;
        // From below the range of outgoing connections: the port is given up now and then, and must be there again.
        using var upstream = new Upstream(new IPEndPoint(IPAddress.Loopback, Ports.Free()));
        await using T proxy = await startAsync(upstream.EndPoint);
        var options = new RunOptions { Name = name, Through = at(proxy), Upstream = upstream.EndPoint, Cases = CaseList.All, Bounds = Direct.Bounds, Direct = direct };
        RunResult run = await ConformanceRun.PlayAsync(options, upstream, _ => { }, CancellationToken.None);
        if (concludeAsync is not null)
            await concludeAsync(proxy);
        return run;
    }
}

/// <summary>Ties the tests to the runs.</summary>
[CollectionDefinition(ProxyRuns.Collection)]
public sealed class ProxyRunsGroup : ICollectionFixture<ProxyRuns>;
