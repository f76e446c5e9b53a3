using TcpProxyConformance.Play;
using TcpProxyConformance.Wire;

namespace TcpProxyConformance.Cases;

/// <summary>An RST of one end is an RST at the other, whatever was going on.</summary>
internal static class ResetCases
{
    private const string Rfc = "RFC 9293, 3.5.3: RST aborts the connection, and the user is told";

    public static IEnumerable<Case> All => Parties.Both.SelectMany(party => (Case[])
    [
        new($"reset-by-{party.Name()}",
            $"An RST of the {party.Name()} on an idle connection is an RST at the {party.Other().Name()}.",
            "FIN says that all has been sent. Who gets one for an aborted stream takes half a file for the whole.",
            Rfc, stage => PlayAsync(stage, party, (_, _) => Task.CompletedTask)),
        new($"reset-while-half-closed-by-{party.Name()}",
            $"The same where the {party.Other().Name()} has sent its FIN before.",
            "A client that gives up while it reads the answer; the server should stop working on it.",
            Rfc, stage => PlayAsync(stage, party, HalfCloseAsync)),
        new($"reset-into-a-stream-by-{party.Name()}",
            $"The {party.Name()} sends RST in the middle of what the {party.Other().Name()} sends, who then learns of it from its next sends.",
            "A cancelled download must stop at its source, or it is paid for to the end.",
            Rfc, stage => IntoStreamAsync(stage, party)),
        new($"reset-after-own-fin-by-{party.Name()}",
            $"The {party.Name()} sends FIN and later RST; the {party.Other().Name()}, which goes on sending, learns of it.",
            "Otherwise a server sends its answer to nobody, for as long as it likes.",
            Rfc, stage => AfterFinAsync(stage, party)),
        new($"close-with-unread-bytes-by-{party.Name()}",
            $"{party.OneCapital()} that closes without having read what it was sent (its kernel sends RST) is an RST at the {party.Other().Name()}.",
            "A process that crashes closes like this. To the other end it must not look like a complete answer.",
            "RFC 2525, 2.17; RFC 9293, 3.6.1: RST where received data is left", stage => PlayAsync(stage, party, LeaveUnreadAsync, closes: true)),
    ]);

    private static async Task<Finding> PlayAsync(Stage stage, Party party, Func<Stage, (Side Resets, Side Sees), Task> prepareAsync, bool closes = false)
    {
        Link link = await stage.ConnectAsync();
        (Side resets, Side sees) = (link[party], link[party.Other()]);
        await prepareAsync(stage, (resets, sees));
        if (closes)
            resets.Dispose();
        else
            resets.SendReset();
        return new Finding($"{party.Other().Name()}: {await sees.ExpectAsync(stage.Draw(0), End.Rst)}");
    }

    private static async Task HalfCloseAsync(Stage stage, (Side Resets, Side Sees) sides)
    {
        sides.Sees.SendFin();
        await sides.Resets.ExpectAsync(stage.Draw(0));
    }

    private static async Task LeaveUnreadAsync(Stage stage, (Side Resets, Side Sees) sides)
    {
        await sides.Sees.SendAsync(stage.Draw(10_000));
        await Deadline.UntilAsync(() => sides.Resets.Socket.Available > 0, stage.Deadline);
    }

    private static async Task<Finding> IntoStreamAsync(Stage stage, Party party)
    {
        Link link = await stage.ConnectAsync();
        (Side resets, Side sends) = (link[party], link[party.Other()]);
        Task streaming = sends.SendUntilResetAsync();
        await resets.ReceiveExactlyAsync(1_000_000);
        resets.SendReset();
        await streaming;
        return new Finding($"RST at the {sends.Party.Name()} after {sends.Sent:N0} bytes");
    }

    private static async Task<Finding> AfterFinAsync(Stage stage, Party party)
    {
        Link link = await stage.ConnectAsync();
        (Side resets, Side sends) = (link[party], link[party.Other()]);
        resets.SendFin();
        await sends.ExpectAsync(stage.Draw(0));
        resets.SendReset();
        await sends.SendUntilResetAsync();
        return new Finding($"RST at the {sends.Party.Name()} after {sends.Sent:N0} bytes");
    }
}
