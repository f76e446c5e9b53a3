using System.Diagnostics;
using System.Net.Sockets;
using TcpProxyConformance.Play;
using TcpProxyConformance.Wire;

namespace TcpProxyConformance.Cases;

/// <summary>What proxies do differently with good reasons, or TCP promises to nobody.</summary>
internal static class InformationCases
{
    public static IEnumerable<Case> All => ((Case[])
    [
        new("urgent-byte", "Where a byte that a client sends as urgent data (MSG_OOB) comes out.",
            "telnet and FTP's ABOR use it. Most proxies read it as an ordinary byte or lose it.",
            "RFC 9293, 3.8.5; RFC 6093, 3: what implementations do", UrgentAsync),
        new("small-messages", "Whether a message sent in two writes waits 40 ms for an acknowledgement (Nagle and delayed ACK).",
            "A proxy without TCP_NODELAY makes 25 requests a second out of 10,000.",
            "RFC 896; RFC 1122, 4.2.3.2; tcp(7): TCP_NODELAY", SmallMessagesAsync),
        new("bytes-before-reset", "How many of 4,096 bytes arrive that a client sends right before its RST.",
            "TCP does not promise them, yet kernels that had them deliver them.", "RFC 9293, 3.10.7.4: at an RST queues are flushed", BeforeResetAsync),
        .. Parties.Both.Select(party => new Case($"reset-after-own-fin-in-silence-by-{party.Name()}",
            $"Whether {party.Other().One()} that says nothing learns of an RST behind the {party.Name()}'s FIN.",
            "A server works on for nobody until it next says something.", "RFC 9293, 3.10.7.4; poll(2): POLLERR", stage => InSilenceAsync(stage, party))),
    ]).Select(one => one with { IsRequired = false });

    // What a reader makes of it depends on whether it comes before, at or behind the urgent byte: the worst of many rounds is told.
    private static async Task<Finding> UrgentAsync(Stage stage)
    {
        const int Rounds = 200;
        string value = "";
        for (int i = 0; i < Rounds; i++)
        {
            (string text, bool isOutOfBand) = await UrgentRoundAsync(stage);
            value = (text, isOutOfBand) switch
            {
                ("ab!cd", _) => "in line",
                ("abcd", true) => "out of band",
                ("abcd", false) => "dropped",
                _ => "harms ordinary bytes",
            };
            if (text is not ("ab!cd" or "abcd"))
                return new Finding($"'ab', urgent '!' and 'cd' were sent, then FIN; '{text}' came", value);
        }

        return new Finding($"{Rounds} times", value);
    }

    private static async Task<(string Text, bool IsOutOfBand)> UrgentRoundAsync(Stage stage)
    {
        Link link = await stage.ConnectAsync();
        await link.Client.SendAsync("ab"u8.ToArray());
        link.Client.Socket.Send("!"u8, SocketFlags.OutOfBand);
        await link.Client.SendAsync("cd"u8.ToArray());
        link.Client.SendFin();
        // Whoever reads on past an urgent byte loses it: so it is asked for first, when all has come.
        Task ends = Deadline.UntilAsync(link.Upstream.Socket.HasEnded, stage.Deadline);
        bool hasEnded = await Task.WhenAny(ends, stage.StayAsync(stage.Bounds.Idle)) == ends;
        bool isOutOfBand = IsOutOfBand(link.Upstream.Socket);
        byte[] came = new byte[16];
        int count = 0;
        while ((hasEnded || link.Upstream.Socket.Available > 0) && await link.Upstream.ReceiveAsync(came.AsMemory(count)) is > 0 and var got)
            count += got;
        return (System.Text.Encoding.ASCII.GetString(came, 0, count) + (hasEnded ? "" : " and no end"), isOutOfBand);
    }

    private static bool IsOutOfBand(Socket socket)
    {
        Span<byte> urgent = stackalloc byte[1];
        return socket.Receive(urgent, SocketFlags.OutOfBand, out _) == 1 && urgent[0] == '!';
    }

    private static async Task<Finding> SmallMessagesAsync(Stage stage)
    {
        const int Rounds = 40;
        Link link = await stage.ConnectAsync();
        List<double> times = [];
        for (int i = 0; i < Rounds; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await link.Client.SendAsync(new byte[4]);
            await link.Client.SendAsync(new byte[100]);
            await link.Upstream.ReceiveExactlyAsync(104);
            await link.Upstream.SendAsync(new byte[50]);
            await link.Client.ReceiveExactlyAsync(50);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        double median = times.Order().ElementAt(Rounds / 2);
        return new Finding($"median of {Rounds} rounds {median:F3} ms", median < 20 ? "no wait" : "waits for ACKs");
    }

    private static async Task<Finding> BeforeResetAsync(Stage stage)
    {
        Link link = await stage.ConnectAsync();
        Content last = stage.Draw(4096);
        await link.Client.SendAsync(last);
        link.Client.SendReset();
        Receipt came = await link.Upstream.ReceiveToEndAsync(last);
        return new Finding($"{came}", came.Bytes == last.Length ? "all" : came.Bytes == 0 ? "none" : "some");
    }

    private static async Task<Finding> InSilenceAsync(Stage stage, Party party)
    {
        Link link = await stage.ConnectAsync();
        (Side resets, Side sees) = (link[party], link[party.Other()]);
        resets.SendFin();
        await sees.ExpectAsync(stage.Draw(0));
        resets.SendReset();
        Task learns = sees.UntilResetAsync();
        bool hasLearnt = await Task.WhenAny(learns, stage.StayAsync(stage.Bounds.Idle)) == learns;
        return new Finding(hasLearnt ? "it learnt of it" : $"it had not within {stage.Bounds.Idle.TotalSeconds} s", hasLearnt ? "yes" : "no");
    }
}
