using TcpProxyConformance.Play;
using TcpProxyConformance.Wire;

namespace TcpProxyConformance.Cases;

/// <summary>Streams cut in all ways, through all buffers.</summary>
internal static class ShapeCases
{
    private const string Source = "RFC 9293, 2.2: TCP carries a stream of bytes";
    private const int SmallBuffer = 4096;

    public static IEnumerable<Case> All =>
    [
        new("random-cuts", "3 MB each way, sent and read in random pieces of up to 100,000 bytes, arrive as they were sent.",
            "How a stream is cut into reads is chance; bugs wait for the cut that nobody tried.", Source,
            stage => StreamAsync(stage, 3_000_000, 100_000, 0)),
        new("small-buffers", "24 KiB each way arrive as they were sent where both ends have socket buffers of 4 KiB.",
            "Small devices and constrained containers have them; partial writes become the rule.", "socket(7): SO_SNDBUF, SO_RCVBUF",
            stage => StreamAsync(stage, 24 * 1024, 3000, SmallBuffer)),
        new("one-byte-segments", "2,000 bytes each way, each sent by itself, arrive as they were sent.",
            "Keystrokes, and clients that write a field at a time.", Source,
            stage => StreamAsync(stage, 2000, 1, 0)),
        new("conversation", "300 messages of 1 to 5,000 bytes in strict turns: each arrives before the next is sent.",
            "Who holds a message back until more has come stops every request and response.", "RFC 9293, 3.9.1.2: PUSH",
            ConverseAsync),
        new("both-directions-saturated", "Both ends send 24 MB and neither reads until both are stuck; then all arrives.",
            "A proxy that writes one direction without reading the other stands still for ever: replication and uploads with long answers do this.",
            "incidents: deadlocked relays", SaturateAsync),
    ];

    private static async Task<Finding> StreamAsync(Stage stage, int bytes, int piece, int buffer)
    {
        Link link = await stage.ConnectAsync(buffer: buffer);
        Content up = stage.Draw(bytes), down = stage.Draw(bytes);
        Task sending = Task.WhenAll(SendAsync(link.Client, up), SendAsync(link.Upstream, down));
        Task<Receipt> atUpstream = link.Upstream.ExpectAsync(up, End.Fin, piece, Cuts(stage)), atClient = link.Client.ExpectAsync(down, End.Fin, piece, Cuts(stage));
        await Task.WhenAll(sending, atUpstream, atClient);
        return new Finding($"upstream: {await atUpstream}; client: {await atClient}");

        async Task SendAsync(Side side, Content content)
        {
            await side.SendAsync(content, piece, Cuts(stage));
            side.SendFin();
        }
    }

    // One for each task: Random belongs to one thread.
    private static Random Cuts(Stage stage) => new(stage.Random.Next());

    private static async Task<Finding> ConverseAsync(Stage stage)
    {
        const int Messages = 300;
        Link link = await stage.ConnectAsync();
        long bytes = 0;
        for (int i = 0; i < Messages; i++)
        {
            Content message = stage.Draw(stage.Random.Next(1, 5001));
            Party from = i % 2 == 0 ? Party.Client : Party.Upstream;
            await link[from].SendAsync(message);
            await link[from.Other()].ReceiveAsync(message);
            bytes += message.Length;
        }

        return new Finding($"{Messages} messages, {bytes:N0} bytes");
    }

    private static async Task<Finding> SaturateAsync(Stage stage)
    {
        const long Bytes = 24 << 20;
        Link link = await stage.ConnectAsync();
        Content up = stage.Draw(Bytes), down = stage.Draw(Bytes);
        Content[] stuck = await Task.WhenAll(link.Client.FillAsync(up, Patience.Short), link.Upstream.FillAsync(down, Patience.Short));
        Task<Receipt> atUpstream = link.Upstream.ExpectAsync(up), atClient = link.Client.ExpectAsync(down);
        await Task.WhenAll(FinishAsync(link.Client, up, stuck[0].Length), FinishAsync(link.Upstream, down, stuck[1].Length), atUpstream, atClient);
        return new Finding($"stuck after {stuck[0].Length:N0} and {stuck[1].Length:N0} bytes; upstream: {await atUpstream}; client: {await atClient}");
    }

    private static async Task FinishAsync(Side side, Content content, long sent)
    {
        await side.SendRestAsync(content, sent);
        side.SendFin();
    }
}
