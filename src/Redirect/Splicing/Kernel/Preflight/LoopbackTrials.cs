namespace Sluice.Redirect.Splicing.Kernel.Preflight;

/// <summary>
/// What the offload rests on, done once with real bytes. Each trial returns what it found, and throws
/// <see cref="CheckFailedException"/> where the kernel did something else.
/// </summary>
internal sealed class LoopbackTrials(TrialGround ground, Loopback loopback)
{
    // Buffers of a known size: how much a way takes that nobody reads is then known as well.
    private const int ReceiveBuffer = 64 * 1024;
    private const int QuietMilliseconds = 5;
    private const int Piece = 1000;
    private const int Queued = 40_000;

    private int Window => ground.Engine.Options.Window;

    // The 16 MB that a connection may cost, and as much again for the ends, whose buffers the kernel sizes as it likes and most on a busy
    // machine. A sender that nothing stops is through with it in milliseconds.
    private const long MostWithoutReader = 32L * 1024 * 1024;

    internal IEnumerable<(string Name, Func<string> Run)> All =>
    [
        ("queued_data", QueuedData),
        ("modes", Modes),
        ("fin_behind_backlog", FinBehindBacklog),
        ("back_pressure", BackPressure),
        ("coupling", Coupling),
        ("reset", Reset),
        ("half_closed", HalfClosed),
    ];

    // Bytes that lay in the socket when it came into the map, and those behind them.
    private string QueuedData()
    {
        using var sockets = new TrialSockets(ground, loopback);
        sockets.ClientEnd.Send(Queued);
        sockets.Client.AwaitArrival();
        Errno errno = sockets.Insert();
        if (errno != Errno.None)
            throw new CheckFailedException($"the kernel's map refuses a connected socket: {errno}");

        sockets.ClientEnd.Send(Queued);
        sockets.Client.Receive(2 * Queued);
        return $"{Queued} bytes before and {Queued} behind the insertion arrived";
    }

    private string Modes()
    {
        OffloadCounters counters = ground.Engine.Counters;
        using TrialPair pair = ground.OpenInKernel(loopback, ReceiveBuffer);
        (long promotions, long demotions) = (counters.Promotions, counters.Demotions);
        pair.Client.SendUntilFull(MostWithoutReader, StreamEnd.PatienceMilliseconds, () => counters.Demotions > demotions);
        if (counters.Demotions == demotions)
            throw new CheckFailedException("a stream whose reader does not read was not given back to user space");

        pair.Server.Receive(pair.Client.Sent - pair.Server.Received);
        pair.Enter(DataPath.Sockmap, counters);
        pair.Finish();
        if (counters.Promotions == promotions)
            throw new CheckFailedException("a stream did not return to the kernel");
        return $"{pair.Client.Sent + pair.Server.Sent} bytes through user space, kernel, user space and kernel";
    }

    private string FinBehindBacklog()
    {
        using TrialPair pair = ground.OpenInKernel(loopback, ReceiveBuffer);
        pair.Client.Send(Window / 2);
        pair.Client.SendFin();
        pair.Server.Send(Piece); // the socket whose backlog the FIN came behind must be well
        pair.Client.Receive(Piece);
        pair.Server.Receive(Window / 2);
        pair.Server.ExpectFin();
        pair.Server.Send(Piece);
        pair.Client.Receive(Piece);
        pair.FinishServer();
        return $"a FIN behind {Window / 2} bytes arrived after them, and the other direction went on";
    }

    private string BackPressure()
    {
        using TrialPair pair = ground.OpenInKernel(loopback, ReceiveBuffer);
        long before = pair.Server.Sent;
        pair.Server.SendUntilFull(MostWithoutReader, QuietMilliseconds, () => false);
        long taken = pair.Server.Sent - before;
        pair.Client.Receive(taken);
        pair.Finish();
        return $"a reader that does not read stopped its sender after {taken / 1024} KiB";
    }

    private string Coupling()
    {
        using TrialPair pair = ground.OpenInKernel(loopback, ReceiveBuffer);
        pair.Client.SendUntilFull(MostWithoutReader, QuietMilliseconds, () => false);
        pair.Server.SendUntilFull(MostWithoutReader, QuietMilliseconds, () => false);
        // Each end reads while its own sending direction is stuck.
        pair.Client.Receive(pair.Server.Sent - pair.Client.Received);
        pair.Server.Receive(pair.Client.Sent - pair.Server.Received);
        pair.Finish();
        return "two directions that were stuck at once both went on";
    }

    private string Reset()
    {
        using (TrialPair pair = ground.OpenInKernel(loopback, ReceiveBuffer))
        {
            pair.Client.SendReset();
            pair.Server.ExpectReset();
            _ = pair.Result(EndReason.ClientReset);
        }

        using (TrialPair pair = ground.OpenInKernel(loopback, ReceiveBuffer))
        {
            pair.Server.SendReset();
            pair.Client.ExpectReset();
            _ = pair.Result(EndReason.UpstreamReset);
        }

        return "an RST of either side arrived as one";
    }

    private string HalfClosed()
    {
        using (var sockets = new TrialSockets(ground, loopback))
        {
            sockets.ClientEnd.SendFin();
            sockets.Client.AwaitArrival();
            Errno errno = sockets.Insert();
            if (errno != Errno.EOPNOTSUPP)
                throw new CheckFailedException($"the kernel's map answers {errno} to a half-closed socket, not {Errno.EOPNOTSUPP}");
        }

        using TrialPair pair = TrialPair.Connect(ground.Reactor, loopback, ground.Splicer, ReceiveBuffer);
        pair.Server.SendFin();
        pair.Splice();
        pair.Client.ExpectFin();
        pair.Client.Send(Queued);
        pair.Server.Receive(Queued);
        if (pair.Pair.PathFromClient == DataPath.Sockmap)
            throw new CheckFailedException("a half-closed connection was given to the kernel");

        pair.Client.SendFin();
        pair.Server.ExpectFin();
        _ = pair.Result(EndReason.Completed);
        return "the map refuses such a socket, and its connection stays in user space";
    }
}
