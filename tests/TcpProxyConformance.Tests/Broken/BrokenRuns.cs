using System.Net;
using TcpProxyConformance.Cases;
using TcpProxyConformance.Play;
using TcpProxyConformance.Runs;

namespace TcpProxyConformance.Tests.Broken;

/// <summary>All cases through every broken proxy. They mostly wait: so several are played at a time, each in parts.</summary>
public sealed class BrokenRuns : IDisposable
{
    private const int Parts = 4;
    private const int AtATime = 20;

    private static readonly Bounds Bounds = Direct.Bounds with { Timeout = TimeSpan.FromSeconds(2), MaxBuffered = 8 << 20 };

    private readonly SemaphoreSlim _turns = new(AtATime);
    private readonly Dictionary<Flaw, Task<CaseResult[]>> _runs;

    public BrokenRuns() => _runs = Enum.GetValues<Flaw>().OrderDescending().ToDictionary(flaw => flaw, flaw => Task.Run(() => PlayAsync(flaw)));

    /// <summary>What the cases say of a proxy with this flaw.</summary>
    internal Task<CaseResult[]> Of(Flaw flaw) => _runs[flaw];

    public void Dispose() => _turns.Dispose();

    private async Task<CaseResult[]> PlayAsync(Flaw flaw)
    {
        RunResult direct = await Direct.Run;
        // Of a leak the order of the cases is part.
        int parts = flaw == Flaw.Leaks ? 1 : Parts;
        CaseResult[][] results = await Task.WhenAll(Enumerable.Range(0, parts).Select(part =>
            PlayAsync(flaw, direct, [.. CaseList.All.Where((_, at) => at % parts == part)])));
        return [.. results.SelectMany(result => result)];
    }

    private async Task<CaseResult[]> PlayAsync(Flaw flaw, RunResult direct, Case[] cases)
    {
        await _turns.WaitAsync();
        try
        {
            using var upstream = new Upstream(new IPEndPoint(IPAddress.Loopback, 0));
            using var proxy = new BrokenProxy(upstream.EndPoint, flaw);
            var options = new RunOptions
            {
                Name = $"{flaw}",
                Through = proxy.EndPoint,
                Upstream = upstream.EndPoint,
                Cases = cases,
                Bounds = flaw == Flaw.ShortIdleTimeout ? Bounds with { Idle = TimeSpan.FromSeconds(5) } : Bounds,
                Direct = direct,
            };
            return [.. (await ConformanceRun.PlayAsync(options, upstream, _ => { }, CancellationToken.None)).Cases];
        }
        finally
        {
            _turns.Release();
        }
    }
}
