using System.Net;
using TcpProxyConformance.Cases;
using TcpProxyConformance.Play;
using TcpProxyConformance.Runs;

namespace TcpProxyConformance.Tests;

/// <summary>All cases without a proxy, played once for all tests.</summary>
internal static class Direct
{
    private static readonly Lazy<Task<RunResult>> Played = new(PlayAsync);

    public static Task<RunResult> Run => Played.Value;

    /// <summary>For every run of the tests: silence is short, and the programs on this machine take less than a second for anything.</summary>
    public static Bounds Bounds { get; } = new() { Idle = TimeSpan.FromSeconds(0.5) };

    private static async Task<RunResult> PlayAsync()
    {
        using var upstream = new Upstream(new IPEndPoint(IPAddress.Loopback, 0));
        return await ConformanceRun.PlayAsync(
            new RunOptions { Name = "direct", Upstream = upstream.EndPoint, Cases = CaseList.All, Bounds = Bounds }, upstream, _ => { }, CancellationToken.None);
    }
}
