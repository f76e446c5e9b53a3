using Sluice.ProxyHost.Logging;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Model.Discovery;

namespace Sluice.ProxyHost.Upstreams.Discovery;

/// <summary>Tells the log what became of look-ups, a few times a second at most. Safe from any thread.</summary>
internal sealed class DiscoveryReport(ILogger log)
{
    private readonly LogGate _gate = new(perSecond: 5);

    /// <summary>A look-up has ended. Only what has changed is told, and a failure that goes on.</summary>
    /// <param name="cluster">Whose name it is.</param>
    /// <param name="name">What is known of it now.</param>
    /// <param name="before">What was known of it before.</param>
    /// <param name="added">Endpoints that are new.</param>
    /// <param name="removed">Endpoints that are gone.</param>
    public void Tell(ClusterState cluster, DiscoveredName name, NameStanding before, int added, int removed)
    {
        NameStanding now = name.Standing;
        bool recovers = now.Failures == 0 && before.Failures > 0;
        if (now.Failures == 0 && !recovers && added == 0 && removed == 0)
            return;
        if (!_gate.TryPass(out string note))
            return;
        string who = cluster.Config.Name;
        if (now.Failures > 0)
            log.LookupFailed(who, name.Host, now.Failures, now.Trouble, Kept(now, before), now.Failure.Advice(), note);
        else if (recovers)
            log.LookupRecovered(who, name.Host, before.Failures, now.Addresses.Length, added, removed, note);
        else
            log.Discovered(who, name.Host, now.Addresses.Length, added, removed, note);
    }

    /// <summary>A look-up was ended by a defect.</summary>
    public void Tell(Exception defect, ClusterState cluster, DiscoveredName name)
    {
        if (_gate.TryPass(out string note))
            log.DiscoveryDefect(defect, cluster.Config.Name, name.Host, note);
    }

    private static string Kept(NameStanding now, NameStanding before) =>
        now.AnsweredAt is { } at ? $"its {now.Addresses.Length} addresses of {at:u} are used on"
        : before.AnsweredAt is not null ? "its addresses have expired and are removed"
        : "it has no addresses yet";
}
