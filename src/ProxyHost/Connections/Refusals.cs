using Sluice.Redirect;

namespace Sluice.ProxyHost.Connections;

/// <summary>Tells the ends of connections that were refused, before anything was dialled for them, from other ends.</summary>
internal static class Refusals
{
    /// <summary>True for the reasons that only a refusal has, <see cref="EndReason.ClusterLimit"/> apart: a rule can meet that later.</summary>
    public static bool IsRefusal(this EndReason reason) => reason
        is EndReason.ListenerLimit or EndReason.ClusterLimit
        or EndReason.ProxyHeaderUntrusted or EndReason.ProxyHeaderInvalid or EndReason.ProxyHeaderIncomplete
        or EndReason.AddressDenied or EndReason.ListenerRate or EndReason.SourceRate or EndReason.SourceLimit
        or EndReason.DestinationLoop or EndReason.EndpointLimit or EndReason.QueueOverflow;
}
