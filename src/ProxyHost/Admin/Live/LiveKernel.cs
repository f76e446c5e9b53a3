using Sluice.ProxyHost.Model;
using Sluice.Redirect.Splicing.Kernel;

namespace Sluice.ProxyHost.Admin.Live;

/// <summary>The kernel's paths as /live shows them, the counters of both together.</summary>
/// <param name="State">Of the sockmap: off: no listener wants it; pending: the preflight runs; trusted; or failed.</param>
/// <param name="Failure">The check of it that failed; null where none did.</param>
/// <param name="Pairs">A counter of connections whose sockets the kernel took.</param>
/// <param name="ActiveDirections">Directions of connections that the kernel carries at this moment.</param>
/// <param name="Promotions">A counter of directions that were given to the kernel.</param>
/// <param name="Demotions">A counter of directions that came back while they went on.</param>
internal sealed record LiveKernel(string State, string? Failure, long Pairs, long ActiveDirections, long Promotions, long Demotions)
{
    public static LiveKernel Of(ProxyModel model)
    {
        OffloadState offload = model.Offload;
        string state = offload.Report is { } report ? report.IsTrusted ? "trusted" : "failed"
            : model.Listeners.SelectMany(listener => listener.Clusters).Any(pair => pair.OffloadChoice.IsWanted) ? "pending" : "off";
        OffloadCounters[] both = [.. new[] { offload.Counters, offload.Bypass?.Counters }.OfType<OffloadCounters>()];
        return new(
            state, offload.Report?.Failure?.Name, both.Sum(one => one.Pairs), both.Sum(one => one.Carried), both.Sum(one => one.Promotions), both.Sum(one => one.Demotions));
    }
}
