using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Tests.Configuration;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>A listener <c>front</c> in front of one cluster <c>back</c>, written as users write it, on a port of the kernel's choice.</summary>
internal static class ClusterConfigs
{
    /// <param name="endpoints">In flow style.</param>
    /// <param name="cluster">More keys of the cluster, a line each.</param>
    public static SluiceConfig Read(string endpoints, params string[] cluster)
    {
        string keys = string.Concat(cluster.Select(line => $"    {line}\n"));
        SluiceConfig config = Reading.Good(
            $"listeners:\n  - {{ name: front, listen: \"127.0.0.1:1\", cluster: back }}\nclusters:\n  - name: back\n    endpoints: {endpoints}\n{keys}");
        return config with
        {
            Runtime = config.Runtime with { Offload = OffloadMode.Off, Reactors = 2 },
            Admin = new AdminConfig(new ListenAddress("any", Configs.AnyPort)),
            Listeners = [.. config.Listeners.Select(listener => listener with { Listen = [new ListenAddress("any", Configs.AnyPort)] })],
        };
    }
}
