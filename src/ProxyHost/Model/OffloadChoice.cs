using System.Collections.Immutable;
using System.Net.Sockets;
using Sluice.ProxyHost.Configuration;
using Sluice.Redirect.Compilation.Kernel;

namespace Sluice.ProxyHost.Model;

/// <summary>
/// What a configuration means for giving a listener's connections to one of its clusters to the kernel, before anything is known of the kernel.
/// </summary>
/// <param name="Mode">What is asked for; off where the transport has no sockets to give.</param>
/// <param name="Obstacle">Why none of these connections can be given, in words; null where they can.</param>
/// <param name="ObstacleName">The same as metrics name it.</param>
/// <param name="Asked">What the configuration says.</param>
internal sealed record OffloadChoice(OffloadMode Mode, string? Obstacle, string? ObstacleName, OffloadMode Asked)
{
    /// <summary>Programs judge its bytes. The bypass runs those that can be judged where applications send, where it is asked for by name.</summary>
    public bool HasPrograms { get; init; }

    /// <summary>True when the kernel is to be tried for it.</summary>
    public bool IsWanted => Mode != OffloadMode.Off && Obstacle is null;

    /// <summary>What is asked for: a cluster's own word, else its listener's, else what goes for all.</summary>
    public static OffloadMode Ask(ClusterConfig cluster, ListenerConfig listener, RuntimeConfig runtime) =>
        cluster.Offload ?? listener.Offload ?? runtime.Offload;

    /// <summary>Of one listener, whose programs are known, and one cluster.</summary>
    public static OffloadChoice Of(ClusterConfig cluster, ListenerConfig listener, RuntimeConfig runtime, IReadOnlyCollection<ProgramState> programs)
    {
        OffloadMode mode = Ask(cluster, listener, runtime);
        if (runtime.Transport != TransportKind.Reactor)
            return new(OffloadMode.Off, null, null, mode);

        if (mode != OffloadMode.Off && listener.Bandwidth is not null)
            return new(mode, "its bandwidth is limited, which the kernel cannot do", OffloadState.Bandwidth, mode);

        foreach (ProgramState program in mode == OffloadMode.Off ? [] : programs)
        {
            ImmutableArray<OffloadRefusal> refusals = mode == OffloadMode.Bypass ? program.SendRefusals : program.Refusals;
            if (refusals.FirstOrDefault(refusal => refusal.Scope == OffloadScope.Program) is { } refusal)
                return new(mode, $"program {program.Rules.Name}: {refusal}", OffloadState.Program, mode);
        }

        return IsUnixOnly(listener, cluster)
            ? new(mode, "the kernel carries TCP only, and one side is a unix socket", OffloadState.UnixSocket, mode)
            : new(mode, null, null, mode) { HasPrograms = programs.Count > 0 };
    }

    // An embedded service listens on a unix socket as well.
    private static bool IsUnixOnly(ListenerConfig listener, ClusterConfig cluster) =>
        listener.Listen.All(listen => listen.EndPoint is UnixDomainSocketEndPoint)
        || cluster.Endpoints.All(endpoint => endpoint.Kind is EndpointKind.Unix or EndpointKind.Builtin);
}
