namespace Sluice.Functional.Stress;

/// <summary>One end of a connection.</summary>
/// <param name="Offset">Where in <see cref="Pattern"/> its bytes begin.</param>
/// <param name="Bytes">What it sends in all.</param>
/// <param name="MaxSend">Largest write.</param>
/// <param name="MaxReceive">Largest read.</param>
/// <param name="SendPauses">A pause after one in so many writes; 0 for none.</param>
/// <param name="ReceivePauses">A pause after one in so many reads; 0 for none.</param>
/// <param name="SendBuffer">SO_SNDBUF; 0 leaves the kernel's.</param>
/// <param name="ReceiveBuffer">SO_RCVBUF; 0 leaves the kernel's.</param>
/// <param name="SegmentSize">TCP_MAXSEG; 0 leaves the kernel's.</param>
/// <param name="NoDelay">Whether Nagle's algorithm is off.</param>
internal sealed record End(
    int Offset, int Bytes, int MaxSend, int MaxReceive, int SendPauses, int ReceivePauses, int SendBuffer, int ReceiveBuffer, int SegmentSize,
    bool NoDelay);

/// <summary>A connection, fully determined by its seed, but for the timing.</summary>
/// <param name="Seed">Draws it again.</param>
/// <param name="Course">What happens.</param>
/// <param name="Client">The client.</param>
/// <param name="Server">The server.</param>
/// <param name="ResetAfter">Bytes that the end which resets has sent by then.</param>
internal sealed record Case(int Seed, Course Course, End Client, End Server, int ResetAfter)
{
    private const int LongStream = 3 << 20;

    /// <summary>Whether one of the ends resets.</summary>
    public bool Resets() => Course is Course.ClientResets or Course.ServerResets;

    public static Case Draw(int seed)
    {
        var random = new Random(seed);
        Course course = DrawCourse(random);
        End client = DrawEnd(random), server = DrawEnd(random);
        (client, server) = (Fitting(client, server), Fitting(server, client));
        if (course == Course.ClientHolds)
            (client, server) = (Long(client, 2), Long(server, 1));
        else if (course == Course.ServerHolds)
            (client, server) = (Long(client, 1), Long(server, 2));

        End? resetting = course == Course.ClientResets ? client : course == Course.ServerResets ? server : null;
        return new Case(seed, course, client, server, resetting is null ? 0 : random.Next(resetting.Bytes + 1));
    }

    // The long streams are few: they take most of the time.
    private static Course DrawCourse(Random random) => random.Next(32) switch
    {
        0 => Course.ClientHolds,
        1 => Course.ServerHolds,
        < 4 => Course.Urgent,
        < 8 => Course.PingPong,
        < 13 => Course.ClientFirst,
        < 18 => Course.ServerFirst,
        < 22 => Course.ClientResets,
        < 26 => Course.ServerResets,
        _ => Course.Both,
    };

    private static End DrawEnd(Random random)
    {
        int maxSend = Between(random, 0, 18);
        int most = Math.Min(Between(random, 3, 21), maxSend * 250);
        return new End(
            Offset: random.Next(Pattern.Period),
            Bytes: random.Next(12) == 0 ? 0 : random.Next(most) + 1,
            MaxSend: maxSend,
            MaxReceive: Between(random, 6, 18),
            SendPauses: random.Next(3) == 0 ? random.Next(1, 50) : 0,
            ReceivePauses: random.Next(3) == 0 ? random.Next(1, 50) : 0,
            SendBuffer: random.Next(4) == 0 ? 1024 << random.Next(11) : 0,
            ReceiveBuffer: random.Next(4) == 0 ? 1024 << random.Next(11) : 0,
            SegmentSize: random.Next(3) == 0 ? random.Next(536, 1500) : 0,
            NoDelay: random.Next(16) != 0);
    }

    // Into a window smaller than a segment the kernel sends by its timers, some dozen kilobytes a second.
    private static End Fitting(End sender, End receiver) => receiver.ReceiveBuffer is > 0 and < 128 * 1024
        ? sender with { Bytes = Math.Min(sender.Bytes, 2 * receiver.ReceiveBuffer) }
        : sender;

    private static End Long(End end, int divisor) => end with
    {
        Bytes = LongStream / divisor, MaxSend = 64 * 1024, MaxReceive = 128 * 1024, SendPauses = 0, ReceivePauses = 0, SendBuffer = 0, ReceiveBuffer = 0,
        SegmentSize = 0,
    };

    private static int Between(Random random, int fewestBits, int mostBits)
    {
        int size = 1 << random.Next(fewestBits, mostBits);
        return size + random.Next(size);
    }
}
