using TcpProxyConformance.Play;
using TcpProxyConformance.Wire;

namespace TcpProxyConformance.Cases;

/// <summary>The upstream speaks first, or alone.</summary>
internal static class FirstWordCases
{
    private const string Source = "RFC 9293, 3.5: either end may send once the connection is established";

    public static IEnumerable<Case> All =>
    [
        new("upstream-speaks-first", "An upstream's greeting arrives before the client has said anything; then they talk.",
            "SMTP, SSH, MySQL and FTP begin so. A proxy that waits for the client waits for ever.", Source, GreetAsync),
        new("client-stays-silent", "A client that never sends a byte gets 2 MB and FIN, and the upstream the client's FIN after it.",
            "Tickers, log streams, time services.", Source, SilentAsync),
    ];

    private static async Task<Finding> GreetAsync(Stage stage)
    {
        Link link = await stage.ConnectAsync(Speaks.Upstream);
        Content banner = stage.Draw(200), reply = stage.Draw(20);
        await link.Upstream.SendAsync(banner);
        await link.Client.ReceiveAsync(banner);
        await link.Client.SendAsync(reply);
        await link.Upstream.ReceiveAsync(reply);
        return new Finding($"{Token.Size + banner.Length} bytes before the client's first, then {reply.Length} back");
    }

    private static async Task<Finding> SilentAsync(Stage stage)
    {
        Link link = await stage.ConnectAsync(Speaks.Upstream);
        Content stream = stage.Draw(2_000_000);
        Task<Receipt> came = link.Client.ExpectAsync(stream);
        await link.Upstream.SendAsync(stream);
        link.Upstream.SendFin();
        await came;
        link.Client.SendFin();
        await link.Upstream.ExpectAsync(stage.Draw(0));
        return new Finding($"client: {await came}");
    }
}
