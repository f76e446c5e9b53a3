using TcpProxyConformance.Play;
using TcpProxyConformance.Wire;

namespace TcpProxyConformance.Cases;

/// <summary>So many bytes, both ways at once.</summary>
internal static class SizeCases
{
    // Around 64 KiB many a buffer ends, and the last one is beyond what buffers on the way hold.
    private static readonly (int Bytes, string Why)[] Sizes =
    [
        (0, "Connections that say nothing are probes and mistakes; they must end as others do."),
        (1, "The shortest message must not wait for more."),
        (65_535, "One byte less than a buffer: where a loop believes that it has not had all."),
        (65_536, "Exactly a buffer: where a loop believes that more is coming, or that nothing is left."),
        (65_537, "A byte more than a buffer: where the rest is forgotten."),
        (12 << 20, "More than all buffers on the way hold: they fill, and have to be emptied in order."),
    ];

    public static IEnumerable<Case> All => Sizes.Select(size => new Case(
        $"bytes-{size.Bytes}",
        $"{size.Bytes:N0} bytes from each end, then FIN, arrive at the other as they were sent, then FIN.",
        size.Why,
        "RFC 9293, 3.4: every byte has its sequence number; 3.10.4: CLOSE sends what is queued, then FIN",
        stage => PlayAsync(stage, size.Bytes)));

    private static async Task<Finding> PlayAsync(Stage stage, int bytes)
    {
        Link link = await stage.ConnectAsync();
        Content up = stage.Draw(bytes), down = stage.Draw(bytes);
        Task sending = Task.WhenAll(SendAsync(link.Client, up), SendAsync(link.Upstream, down));
        Task<Receipt> atUpstream = link.Upstream.ExpectAsync(up), atClient = link.Client.ExpectAsync(down);
        await Task.WhenAll(sending, atUpstream, atClient);
        return new Finding($"upstream: {await atUpstream}; client: {await atClient}");
    }

    private static async Task SendAsync(Side side, Content content)
    {
        await side.SendAsync(content);
        side.SendFin();
    }
}
