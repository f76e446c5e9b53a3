using System.Reflection;
using System.Runtime.InteropServices;
using TcpProxyConformance.Play;

namespace TcpProxyConformance.Runs;

/// <summary>Plays cases one after the other, each without the proxy first: what does not hold there is not asked of a proxy.</summary>
internal static class ConformanceRun
{
    /// <summary>Of this tool.</summary>
    public static string Version => typeof(ConformanceRun).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <param name="options">What and where.</param>
    /// <param name="upstream">Listens where the proxy forwards to.</param>
    /// <param name="played">Told of each result as soon as it is there.</param>
    /// <param name="stop">Ends the run.</param>
    public static async Task<RunResult> PlayAsync(RunOptions options, Upstream upstream, Action<CaseResult> played, CancellationToken stop)
    {
        List<CaseResult> results = [];
        foreach (Case one in options.Cases)
        {
            CaseResult result = options.Known.Judge(one, await PlayAsync(one, options, upstream, stop));
            results.Add(result);
            played(result);
        }

        return new RunResult(options.Name, options.Through?.ToString() ?? "direct", options.Seed, Version, $"{RuntimeInformation.OSDescription}, Linux {Environment.OSVersion.Version.ToString(3)}", results);
    }

    private static async Task<CaseResult> PlayAsync(Case one, RunOptions options, Upstream upstream, CancellationToken stop)
    {
        CaseResult direct = options.Direct?.Cases.Single(result => result.Name == one.Name) ?? await CasePlay.RunAsync(one, upstream.Direct, upstream, options.Bounds, options.Seed, stop);
        if (options.Through is not { } through || direct.Outcome == Outcome.NotApplicable)
            return direct;
        if (direct.Expected is not null)
            return direct with { Outcome = Outcome.NotApplicable, Seen = $"it does not hold without a proxy either: expected {direct.Expected}; seen: {direct.Seen}" };
        return await CasePlay.RunAsync(one, through, upstream, options.Bounds, options.Seed, stop);
    }
}
