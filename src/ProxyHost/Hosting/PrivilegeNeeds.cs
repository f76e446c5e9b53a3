using System.Collections.Immutable;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model;
using Sluice.Redirect.Privileges;

namespace Sluice.ProxyHost.Hosting;

/// <summary>A capability, and what it is for in words.</summary>
internal sealed record PrivilegeNeed(string Capability, string Purpose);

/// <summary>What a configuration takes of the capabilities that there are.</summary>
internal static class PrivilegeNeeds
{
    private const string NetAdmin = "CAP_NET_ADMIN", NetRaw = "CAP_NET_RAW", SysAdmin = "CAP_SYS_ADMIN";
    private const string Offload = "`offload`", ForeignAddresses = "`transparent` and `source`";

    /// <summary>Those it takes, the least that does where one stands for another.</summary>
    /// <param name="config">Valid.</param>
    /// <param name="held">Those that there are.</param>
    public static ImmutableArray<PrivilegeNeed> Of(SluiceConfig config, ImmutableArray<string> held)
    {
        var needs = ImmutableArray.CreateBuilder<PrivilegeNeed>();
        // Not only for the ports of this configuration: one that is taken over later may have others.
        needs.Add(new("CAP_NET_BIND_SERVICE", "ports below 1024"));
        bool isOffloadWanted = config.Runtime.Transport == TransportKind.Reactor
            && config.Listeners.Any(listener => listener.Routes.Select(route => route.Cluster).Prepend(listener.Cluster)
                .Any(name => OffloadChoice.Ask(config.Clusters.First(cluster => cluster.Name == name), listener, config.Runtime) != OffloadMode.Off));
        if (isOffloadWanted)
        {
            needs.Add(new(NetAdmin, Offload));
            foreach (string name in (ReadOnlySpan<string>)["CAP_BPF", "CAP_PERFMON"])
                needs.Add(new(held.Contains(name) || !held.Contains(SysAdmin) ? name : SysAdmin, Offload));
        }

        bool hasForeignAddresses = config.Listeners.Any(listener => listener.Transparent) || config.Clusters.Any(cluster => cluster.Source != SourceKind.Proxy);
        if (hasForeignAddresses && !(isOffloadWanted && held.Contains(NetAdmin)))
            needs.Add(new(held.Contains(NetRaw) || !held.Contains(NetAdmin) ? NetRaw : NetAdmin, ForeignAddresses));
        return needs.ToImmutable();
    }

    /// <summary>An error for each that the configuration takes and that was given up at the start, when nothing took it.</summary>
    public static IEnumerable<string> Missing(SluiceConfig config, ProcessPrivileges privileges) =>
        Of(config, [.. privileges.Kept, .. privileges.GivenUp]).Where(need => privileges.GivenUp.Contains(need.Capability))
            .Select(need => $"{need.Purpose}: takes {need.Capability}, which was given up at the start because nothing took it then; start the daemon anew, " +
                "with `runtime.upgrade_socket` without a closed port");
}
