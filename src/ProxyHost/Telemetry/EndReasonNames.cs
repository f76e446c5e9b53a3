using System.Diagnostics;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>The words that metrics and logs use for an <see cref="EndReason"/>. They are an interface: dashboards match on them.</summary>
internal static class EndReasonNames
{
    /// <summary>snake_case and constant; each reason has its own.</summary>
    public static string Name(this EndReason reason) => reason switch
    {
        EndReason.None => "none",
        EndReason.Completed => "completed",
        EndReason.ClientReset => "client_reset",
        EndReason.UpstreamReset => "upstream_reset",
        EndReason.ClientError => "client_error",
        EndReason.UpstreamError => "upstream_error",
        EndReason.IdleTimeout => "idle_timeout",
        EndReason.HalfClosedIdleTimeout => "half_closed_idle_timeout",
        EndReason.MaxDuration => "max_duration",
        EndReason.Drained => "drained",
        EndReason.Aborted => "aborted",
        EndReason.InternalError => "internal_error",
        EndReason.ProgramFault => "program_fault",
        EndReason.RuleReset => "rule_reset",
        EndReason.MapRefused => "map_refused",
        EndReason.ListenerLimit => "listener_limit",
        EndReason.ClusterLimit => "cluster_limit",
        EndReason.NoEndpoint => "no_endpoint",
        EndReason.ConnectFailed => "connect_failed",
        EndReason.ConnectTimeout => "connect_timeout",
        EndReason.DrainedBetweenMessages => "drained_between_messages",
        EndReason.ListenerDraining => "listener_draining",
        EndReason.EndpointLimit => "endpoint_limit",
        EndReason.QueueOverflow => "queue_overflow",
        EndReason.QueueTimeout => "queue_timeout",
        EndReason.EndpointUnhealthy => "endpoint_unhealthy",
        EndReason.ProxyHeaderUntrusted => "proxy_header_untrusted",
        EndReason.ProxyHeaderInvalid => "proxy_header_invalid",
        EndReason.ProxyHeaderIncomplete => "proxy_header_incomplete",
        EndReason.AddressDenied => "address_denied",
        EndReason.ListenerRate => "listener_rate",
        EndReason.SourceRate => "source_rate",
        EndReason.SourceLimit => "source_limit",
        EndReason.ClosedByAdmin => "closed_by_admin",
        EndReason.DestinationLoop => "destination_loop",
        EndReason.SourceRefused => "source_refused",
        _ => throw new UnreachableException($"end reason {(int)reason} has no name"),
    };
}
