using Sluice.ProxyHost.Telemetry;

namespace Sluice.ProxyHost.Admin.Live;

/// <summary>A connection that did not complete, as /live shows it. /recorder knows more of it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Listener">Who accepted it.</param>
/// <param name="Client">Its address.</param>
/// <param name="Cluster">Where it was to go.</param>
/// <param name="Endpoint">Which it was connected to, or tried last; null where it came to none.</param>
/// <param name="Reason">The end reason.</param>
/// <param name="FirstToClose">client or upstream; null where the proxy ended it.</param>
/// <param name="Errno">What was behind it; null where that has none.</param>
/// <param name="Trouble">The same in words.</param>
/// <param name="Rule">The last rule that did more than pass bytes on.</param>
/// <param name="TotalSeconds">How long it lived.</param>
/// <param name="BytesFromClient">That were delivered.</param>
/// <param name="BytesFromUpstream">That were delivered.</param>
internal sealed record LiveEnd(
    long Id,
    DateTimeOffset EndedAt,
    string Listener,
    string Client,
    string Cluster,
    string? Endpoint,
    string Reason,
    string? FirstToClose,
    string? Errno,
    string? Trouble,
    string? Rule,
    double TotalSeconds,
    long BytesFromClient,
    long BytesFromUpstream)
{
    public static LiveEnd Of(FlightRecord record)
    {
        AccessRecord access = record.Access;
        return new(
            access.Id,
            record.EndedAt,
            access.Listener,
            access.Client,
            access.Cluster,
            access.Endpoint,
            access.End.Name(),
            access.FirstToClose is { } side ? AccessRecord.Side(side) : null,
            access.Errno == Redirect.Errno.None ? null : access.Errno.ToString(),
            access.Trouble,
            access.Rule,
            Math.Round(access.TotalSeconds, 6),
            access.BytesFromClient,
            access.BytesFromUpstream);
    }
}
