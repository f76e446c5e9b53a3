using TcpProxyConformance.Play;
using TcpProxyConformance.Wire;

namespace TcpProxyConformance.Cases;

/// <summary>Many connections, at once and one after the other.</summary>
internal static class ManyCases
{
    private const int AtOnce = 200;
    private const int InARow = 400;
    private const int Hasty = 50;
    private const string Incidents = "incidents: leaked descriptors and exhausted ports";

    public static IEnumerable<Case> All =>
    [
        new("many-connections", $"{AtOnce} connections are open at a time; each gets its own bytes, 20,000 each way, and its own FIN.",
            "Somebody else's bytes: the worst that a proxy can do.", "RFC 9293, 3.4.1: a connection is defined by a pair of sockets", ManyAsync),
        new("churn", $"{InARow} connections in a row, a byte each way, ended in turn by FIN and by RST: every one is served.",
            "What is not given back is missed after some thousand connections.", Incidents, ChurnAsync),
        new("connect-and-close", $"{Hasty} clients close as soon as they are connected; whatever of them reaches the upstream ends, and the next client is served.",
            "Port scans, health checks of load balancers, impatient clients.", Incidents, stage => HastyAsync(stage, side => side.Dispose())),
        new("connect-and-reset", $"{Hasty} clients reset as soon as they are connected; whatever of them reaches the upstream ends, and the next client is served.",
            "The same, by probes that end with RST; accept may answer ECONNABORTED.", Incidents, stage => HastyAsync(stage, side => side.SendReset())),
    ];

    private static async Task<Finding> ManyAsync(Stage stage)
    {
        List<Link> links = [];
        for (int i = 0; i < AtOnce; i++)
            links.Add(await stage.ConnectAsync());
        await Task.WhenAll(links.Select(link => ExchangeAsync(link, stage.Draw(20_000), stage.Draw(20_000))));
        return new Finding($"{AtOnce} connections, {AtOnce * 40_000:N0} bytes, each where it belongs");
    }

    private static async Task ExchangeAsync(Link link, Content up, Content down)
    {
        await link.Client.SendAsync(up, 7000);
        await link.Upstream.ReceiveAsync(up with { Length = 10_000 });
        await link.Upstream.SendAsync(down, 7000);
        link.Client.SendFin();
        link.Upstream.SendFin();
        await link.Client.ExpectAsync(down);
        Failure.Unless(await RestAsync(link.Upstream, up) == End.Fin, "FIN at the upstream after its client's bytes", link.Upstream.ToString(), "wrong end");
    }

    private static async Task<End> RestAsync(Side side, Content content)
    {
        for (long at = side.Received; at < content.Length;)
        {
            byte[] rest = await side.ReceiveExactlyAsync((int)(content.Length - at));
            Failure.Unless(content.FirstDifference(at, rest) is null, "the client's own bytes", "others", "wrong bytes");
            at += rest.Length;
        }

        await side.ReceiveAsync(new byte[1]);
        return side.End;
    }

    private static async Task<Finding> ChurnAsync(Stage stage)
    {
        for (int i = 0; i < InARow; i++)
        {
            Link link = await stage.ConnectAsync();
            await link.Upstream.SendAsync(new byte[1]);
            await link.Client.ReceiveExactlyAsync(1);
            if (i % 2 == 0)
                link.Client.SendReset();
            else
                link.Client.Dispose();
            await link.Upstream.ReceiveAsync(new byte[1]);
            link.Upstream.Dispose();
        }

        return new Finding($"{InARow} connections were served");
    }

    // Not all of them must reach the upstream: a proxy may have seen the end before it connects.
    private static async Task<Finding> HastyAsync(Stage stage, Action<Side> end)
    {
        int before = stage.Upstream.Accepted;
        stage.Upstream.First = Speaks.Client;
        for (int i = 0; i < Hasty; i++)
            end(await stage.DialAsync());

        Link next = await stage.ConnectAsync();
        Content content = stage.Draw(1000);
        await next.Client.SendAsync(content);
        await next.Upstream.ReceiveAsync(content);
        await Deadline.UntilAsync(() => stage.Upstream.Strangers.Count >= stage.Upstream.Accepted - before - 1, stage.Deadline);
        if (stage.Upstream.Strangers.FirstOrDefault(one => one.Bytes.Length > 0) is { } talks)
            throw new Failure("no byte of them at the upstream", talks.Explanation, "bytes from nobody");
        return new Finding($"{stage.Upstream.Strangers.Count} of {Hasty} reached the upstream, and ended; the next one is served");
    }
}
