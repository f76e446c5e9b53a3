using TcpProxyConformance.Play;
using TcpProxyConformance.Wire;

namespace TcpProxyConformance.Cases;

/// <summary>Nothing is said for a while, or ever again.</summary>
internal static class SilenceCases
{
    public static IEnumerable<Case> All =>
    [
        new("idle-connection", "A connection on which nothing is said for a while (`--idle`) goes on as before.",
            "Pools of database connections are idle for minutes. Raise `--idle` to the time that yours must live.",
            "RFC 9293, 3.8.4: TCP by itself ends no idle connection", IdleAsync),
        .. Parties.Both.Select(party => new Case($"vanished-{party.Name()}",
            $"The {party.Name()}'s host forgets the connection without a word; the {party.Other().Name()}, which goes on sending, learns of it.",
            "Power failures, lost network paths that come back, containers that were killed with their network.",
            "RFC 9293, 3.5.1: half-open connections", stage => VanishAsync(stage, party))),
    ];

    private static async Task<Finding> IdleAsync(Stage stage)
    {
        Link link = await stage.ConnectAsync();
        await stage.StayAsync(stage.Bounds.Idle);
        Content up = stage.Draw(5000), down = stage.Draw(5000);
        await link.Client.SendAsync(up);
        await link.Upstream.ReceiveAsync(up);
        await link.Upstream.SendAsync(down);
        await link.Client.ReceiveAsync(down);
        return new Finding($"after {stage.Bounds.Idle.TotalSeconds} s: {up.Length:N0} bytes each way");
    }

    private static async Task<Finding> VanishAsync(Stage stage, Party party)
    {
        Link link = await stage.ConnectAsync();
        (Side vanishes, Side sends) = (link[party], link[party.Other()]);
        if (!vanishes.TryVanish())
            throw new NotApplicableException("closing without a word (TCP_REPAIR) takes CAP_NET_ADMIN: run this case as root");
        await sends.SendUntilResetAsync();
        return new Finding($"RST at the {sends.Party.Name()} after {sends.Sent:N0} bytes");
    }
}
