using Sluice.ProxyHost.Model;

namespace Sluice.ProxyHost.Admin.Live;

/// <summary>The kernel's own path as /live shows it.</summary>
/// <param name="State">off: no listener wants it; pending: the preflight runs; trusted; or failed.</param>
/// <param name="Failure">The check that failed; null where none did.</param>
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
        return new(
            state,
            offload.Report?.Failure?.Name,
            offload.Counters?.Pairs ?? 0,
            offload.Counters?.Carried ?? 0,
            offload.Counters?.Promotions ?? 0,
            offload.Counters?.Demotions ?? 0);
    }
}
