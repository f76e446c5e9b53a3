using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model;

namespace Sluice.ProxyHost.Cli.Explain;

/// <summary>What may become of a listener's connections in the kernel, in words: a line for all, or one for each cluster where they differ.</summary>
internal static class OffloadWords
{
    public static void Print(Page page, ListenerState listener, RuntimeConfig runtime)
    {
        if (listener.Clusters.DistinctBy(pair => pair.OffloadChoice).Count() == 1)
        {
            page.Line($"offload: {Words(listener.Clusters[0].OffloadChoice, runtime)}");
            return;
        }

        foreach (ListenerCluster pair in listener.Clusters)
            page.Line($"offload to cluster {pair.Cluster.Config.Name}: {Words(pair.OffloadChoice, runtime)}");
    }

    /// <summary>Which path a listener's programs are told about: the bypass where any of its clusters asks for it.</summary>
    public static OffloadMode ModeOf(ListenerState listener) =>
        listener.Clusters.Select(pair => pair.OffloadChoice.Mode).FirstOrDefault(mode => mode == OffloadMode.Bypass, listener.Clusters[0].OffloadChoice.Mode);

    private static string Words(OffloadChoice choice, RuntimeConfig runtime) => choice switch
    {
        { Mode: OffloadMode.Off } => "off, no connection goes to the kernel",
        { Obstacle: { } obstacle } => $"no, {obstacle}",
        { Mode: OffloadMode.Bypass, HasPrograms: true } =>
            "what applications on this host send is judged where they send it (sk_msg) and may go past the proxy, where `sluice doctor` trusts the kernel with it",
        { Mode: OffloadMode.Bypass } when runtime.IngressBypass => "what applications on this host send may go past the proxy, and between two of them past TCP " +
            "(`ingress_bypass`), where `sluice doctor` trusts the kernel with it",
        { Mode: OffloadMode.Bypass } => "what applications on this host send may go past the proxy, where `sluice doctor` trusts the kernel with it",
        { Mode: OffloadMode.Auto } => "the kernel may carry its connections, where `sluice doctor` trusts it and finds it no dearer",
        _ => "the kernel may carry its connections, where `sluice doctor` trusts it",
    };
}
