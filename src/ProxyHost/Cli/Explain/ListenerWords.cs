using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model;

namespace Sluice.ProxyHost.Cli.Explain;

/// <summary>A listener in words: where it listens, where its connections go, what judges them and what runs that.</summary>
internal static class ListenerWords
{
    public static void Print(Page page, ListenerState listener, ProxyModel model, bool withPlan)
    {
        page.Line($"listener {listener.Config.Name}");
        Page at = page.In;
        at.Line($"listens on {string.Join(", ", listener.Config.Listen.Select(listen => listen.Text))}");
        if (listener.ProxyProtocol is { } expected)
            at.Line($"PROXY header: {(expected.IsRequired ? "required" : "optional")}, from {string.Join(", ", listener.Config.ProxyProtocol!.Trusted)}; addresses below are those it has");
        at.Line($"path: {Path(listener, model.Config.Runtime)}");
        if (listener.Config.Transparent) at.Line("transparent: connections to addresses of other hosts are taken as well");
        if (listener.Config.Bandwidth is { } bandwidth) at.Line($"bandwidth: {Bandwidth(bandwidth)}");
        OffloadWords.Print(at, listener, model.Config.Runtime);
        foreach (ClusterState cluster in ClustersOf(listener, model)) ClusterWords.Print(at, cluster.Config);
        if (listener.Routes is { } routes) RouteWords.Print(at, routes, withPlan);

        ProgramState? fromClient = model.Program(listener.Config.Programs.FromClient);
        ProgramState? fromUpstream = model.Program(listener.Config.Programs.FromUpstream);
        at.Line($"from client: {Program(fromClient)}");
        if (fromClient is not null) ProgramWords.Print(at.In, fromClient, OffloadWords.ModeOf(listener), withPlan);
        bool isSame = fromUpstream is not null && fromUpstream == fromClient;
        at.Line($"from upstream: {Program(fromUpstream)}{(isSame ? ", as above" : "")}");
        if (fromUpstream is not null && !isSame) ProgramWords.Print(at.In, fromUpstream, OffloadWords.ModeOf(listener), withPlan);
    }

    private static string Program(ProgramState? program) => program is null ? "no program, all bytes pass" : $"program {program.Rules.Name}";

    private static string Path(ListenerState listener, RuntimeConfig runtime) => (runtime.Transport, listener.Programs.Length) switch
    {
        (TransportKind.Sockets, _) => "user space, Kestrel's sockets from pipe to pipe",
        (_, > 0) => "user space, managed programs",
        _ when runtime.Splice == SpliceMode.Off || listener.Bandwidth is not null => "user space, copy loop",
        _ => "user space, copy loop, splice(2) for long streams",
    };

    private static string Bandwidth(BandwidthConfig config) => string.Join(", ", new[]
    {
        config.FromClient is { } fromClient ? $"from the client {Amounts.Size(fromClient)}/s" : null,
        config.FromUpstream is { } fromUpstream ? $"from the upstream {Amounts.Size(fromUpstream)}/s" : null,
        config.Burst > 0 ? $"{Amounts.Size(config.Burst)} at once" : "a second's bytes at once",
        config.DryRun ? "only counted (dry run)" : null,
    }.OfType<string>());

    private static IEnumerable<ClusterState> ClustersOf(ListenerState listener, ProxyModel model) =>
        listener.Clusters.Select(cluster => cluster.Cluster)
            .Concat(listener.Programs.SelectMany(program => program.Clusters).Select(model.Cluster)).Distinct();
}
