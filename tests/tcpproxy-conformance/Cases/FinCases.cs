using TcpProxyConformance.Play;
using TcpProxyConformance.Wire;

namespace TcpProxyConformance.Cases;

/// <summary>A FIN with data, and a FIN with none.</summary>
internal static class FinCases
{
    private const int Rounds = 30;

    public static IEnumerable<Case> All => Parties.Both.SelectMany(party => (Case[])
    [
        new($"fin-with-last-byte-by-{party.Name()}",
            $"What the {party.Name()} sends in one segment with its FIN arrives, then FIN ({Rounds} times).",
            "Short answers end so. Who looks at the hang-up before the data loses the answer.",
            "RFC 9293, 3.10.7.4: the segment's text is handled before its FIN", stage => TogetherAsync(stage, party)),
        new($"fin-alone-by-{party.Name()}",
            $"A FIN of {party.One()} that has never sent a byte arrives, and what the {party.Other().Name()} then sends does as well.",
            "`nc host port </dev/null`, log readers, clients that only listen.",
            "RFC 9293, 3.6.1: half-closed connections", stage => AloneAsync(stage, party)),
    ]);

    private static async Task<Finding> TogetherAsync(Stage stage, Party party)
    {
        for (int i = 0; i < Rounds; i++)
        {
            Link link = await stage.ConnectAsync();
            Content last = stage.Draw(1 + (i * 40));
            link[party].Socket.SetCork(true);
            await link[party].SendAsync(last);
            link[party].SendFin();
            await link[party.Other()].ExpectAsync(last);
            link[party.Other()].SendFin();
            await link[party].ExpectAsync(stage.Draw(0));
        }

        return new Finding($"{Rounds} times 1 to {1 + (40 * (Rounds - 1))} bytes, then FIN");
    }

    private static async Task<Finding> AloneAsync(Stage stage, Party party)
    {
        // The other one has said by what they find each other; this one has never sent anything.
        Link link = await stage.ConnectAsync(party == Party.Client ? Speaks.Upstream : Speaks.Client);
        Content answer = stage.Draw(100_000);
        link[party].SendFin();
        await link[party.Other()].ExpectAsync(stage.Draw(0));
        await link[party.Other()].SendAsync(answer);
        link[party.Other()].SendFin();
        return new Finding($"FIN after 0 bytes; back: {await link[party].ExpectAsync(answer)}");
    }
}
