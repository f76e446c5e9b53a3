using Sluice.Redirect.Splicing.Kernel.Preflight;

namespace Sluice.Redirect.Splicing.Bypass.Preflight;

/// <summary>
/// What the bypass rests on, done once with real bytes. Each trial returns what it found, and throws
/// <see cref="CheckFailedException"/> where the kernel did something else.
/// </summary>
internal sealed class BypassTrials(BypassGround ground, Loopback loopback)
{
    private const int ReceiveBuffer = 64 * 1024;
    private const int QuietMilliseconds = 5;
    private const int Exchanges = 100;
    private const int Piece = 1000;
    private const int Large = 300_000;
    private const long MostWithoutReader = 32L * 1024 * 1024;

    internal IEnumerable<(string Name, Func<string> Run)> All =>
    [
        ("bypass_redirect", Redirect),
        ("bypass_full_sink", FullSink),
        ("bypass_end", End),
        ("bypass_reset", Reset),
    ];

    /// <summary>What an application is told of bytes that wait in its socket.</summary>
    internal string Fionread()
    {
        using TrialPair pair = ground.Open(loopback);
        pair.Client.Send(Piece);
        pair.Server.AwaitArrival();
        int waiting = pair.Server.Waiting;
        pair.Server.Receive(Piece);
        pair.Finish();
        return waiting == Piece
            ? $"a member of a sockmap says that {waiting} bytes wait"
            : throw new CheckFailedException($"a member of a sockmap says that {waiting} bytes wait where {Piece} do (FIONREAD)");
    }

    private string Redirect()
    {
        long before = ground.Engine.Messages.Redirected;
        using (TrialPair pair = ground.Open(loopback))
        {
            for (int i = 0; i < Exchanges; i++)
                pair.Exchange(Piece);
            pair.Finish();
        }

        long redirected = ground.Engine.Messages.Redirected - before;
        return redirected >= Exchanges
            ? $"{redirected} messages went past the proxy, and every byte was counted"
            : throw new CheckFailedException($"{redirected} of {2 * Exchanges} messages went past the proxy");
    }

    // The ordinary way, with its back-pressure, and past the proxy again.
    private string FullSink()
    {
        MessageCounters messages = ground.Engine.Messages;
        long before = messages.Passed(BypassPass.Room) + messages.Passed(BypassPass.Order);
        using (TrialPair pair = ground.Open(loopback, ReceiveBuffer))
        {
            pair.Client.SendUntilFull(MostWithoutReader, QuietMilliseconds, () => false);
            pair.Server.Send(Piece); // the other direction does not wait for it
            pair.Client.Receive(Piece);
            pair.Server.Receive(pair.Client.Sent - pair.Server.Received);
            for (int i = 0; i < Exchanges; i++)
                pair.Exchange(Piece);
            pair.Finish();
        }

        return messages.Passed(BypassPass.Room) + messages.Passed(BypassPass.Order) > before
            ? "a reader that does not read stopped its sender, and got everything in order when it read"
            : throw new CheckFailedException("a sink without room was redirected to");
    }

    private string End()
    {
        using TrialPair pair = ground.Open(loopback);
        pair.Client.Send(Large);
        pair.Client.SendFin();
        pair.Server.Receive(Large);
        pair.Server.ExpectFin();
        pair.Server.Send(Large);
        pair.Client.Receive(Large);
        pair.FinishServer();
        return $"a FIN arrived behind {Large} bytes, and the other direction went on";
    }

    private string Reset()
    {
        using (TrialPair pair = ground.Open(loopback))
        {
            pair.Client.SendReset();
            pair.Server.ExpectReset();
            _ = pair.Result(EndReason.ClientReset);
        }

        using (TrialPair pair = ground.Open(loopback))
        {
            pair.Server.SendReset();
            pair.Client.ExpectReset();
            _ = pair.Result(EndReason.UpstreamReset);
        }

        return "an RST of either side arrived as one";
    }
}
