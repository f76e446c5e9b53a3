using TcpProxyConformance.Play;
using TcpProxyConformance.Wire;

namespace TcpProxyConformance.Cases;

/// <summary>One end has sent its FIN, and the other goes on.</summary>
internal static class HalfCloseCases
{
    private const string Source = "RFC 9293, 3.6.1: half-closed connections";

    public static IEnumerable<Case> All => Parties.Both.SelectMany(party => (Case[])
    [
        new($"half-close-by-{party.Name()}",
            $"After the {party.Name()}'s FIN has arrived the {party.Other().Name()} sends 2 MB and FIN, and all of it arrives.",
            "`ssh host command < file`, rsync, many database dumps and RPC streams say by FIN that they have sent all, and then wait for the answer.",
            Source, stage => PlayAsync(stage, party, TimeSpan.Zero)),
        new($"half-close-and-silence-by-{party.Name()}",
            $"The same, where the {party.Other().Name()} is silent for a while (`--idle`) before it answers.",
            "A query takes its time. Many proxies end a half-closed connection early to save descriptors.",
            Source, stage => PlayAsync(stage, party, stage.Bounds.Idle)),
    ]);

    private static async Task<Finding> PlayAsync(Stage stage, Party party, TimeSpan silence)
    {
        Link link = await stage.ConnectAsync();
        (Side asks, Side answers) = (link[party], link[party.Other()]);
        Content question = stage.Draw(1000), answer = stage.Draw(2_000_000);
        await asks.SendAsync(question);
        asks.SendFin();
        await answers.ExpectAsync(question);
        await stage.StayAsync(silence);
        Task<Receipt> came = asks.ExpectAsync(answer);
        await answers.SendAsync(answer, 10_000);
        answers.SendFin();
        return new Finding($"after the FIN of the {party.Name()}: {await came}");
    }
}
