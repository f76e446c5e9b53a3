using System.Diagnostics;
using System.Net;
using TcpProxyConformance.Play;
using TcpProxyConformance.Wire;

namespace TcpProxyConformance.Runs;

/// <summary>Plays one case once, and makes a result of whatever happens.</summary>
internal static class CasePlay
{
    /// <param name="one">Which.</param>
    /// <param name="way">Where clients connect.</param>
    /// <param name="upstream">Where the connections come out.</param>
    /// <param name="bounds">What the user has set.</param>
    /// <param name="seed">Of the whole run.</param>
    /// <param name="stop">Ends the run.</param>
    public static async Task<CaseResult> RunAsync(Case one, EndPoint way, Upstream upstream, Bounds bounds, int seed, CancellationToken stop)
    {
        var time = Stopwatch.StartNew();
        Outcome failed = one.IsRequired ? Outcome.Fail : Outcome.Info;
        using var deadline = new Deadline(bounds.Timeout, stop);
        using var stage = new Stage(way, upstream, bounds, seed, deadline);
        try
        {
            Finding finding = await one.PlayAsync(stage);
            return Result(one.IsRequired ? Outcome.Pass : Outcome.Info, finding.Value, null, finding.Evidence);
        }
        catch (Failure failure)
        {
            return Result(failed, failure.Kind, failure.Expected, failure.Seen);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Result(failed, "hangs", one.Requires, $"nothing more within {bounds.Timeout.TotalSeconds} s; {stage}");
        }
        catch (NotApplicableException reason)
        {
            return Result(Outcome.NotApplicable, null, null, reason.Message);
        }
        catch (Exception defect) when (defect is not OperationCanceledException)
        {
            // One case must not take the others with it.
            return Result(failed, "case broke", one.Requires, $"{defect}; {stage}");
        }

        CaseResult Result(Outcome outcome, string? value, string? expected, string seen) =>
            new(one.Name, one.IsRequired, outcome, value, expected, seen, time.Elapsed.TotalMilliseconds);
    }
}
