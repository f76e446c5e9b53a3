using TcpProxyConformance.Play;
using TcpProxyConformance.Wire;

namespace TcpProxyConformance.Cases;

/// <summary>A reader that takes nothing, for a while or for ever.</summary>
internal static class SlowReaderCases
{
    private const string Source = "RFC 9293, 3.8.6: the receiver's window is the sender's limit";
    private const int OwnBuffer = 64 * 1024;

    public static IEnumerable<Case> All => Parties.Both.SelectMany(reader => (Case[])
    [
        new($"slow-{reader.Name()}-holds-its-sender",
            $"{reader.OneCapital()} that reads nothing stops its sender before the proxy holds more than `--max-buffered`.",
            "Memory without bound: a few slow readers end the proxy, and everybody's connections with it.",
            Source, stage => HoldsAsync(stage, reader)),
        new($"slow-{reader.Name()}-loses-nothing",
            $"{reader.OneCapital()} that begins to read when its sender is stuck and has sent FIN gets everything, then FIN.",
            "What is held at the end of a stream is the first thing to be lost.",
            Source, stage => ResumesAsync(stage, reader)),
        new($"slow-{reader.Name()}-leaves-the-other-way",
            $"While {reader.One()} reads nothing, what it sends itself arrives.",
            "A server that is busy still has to send what it is busy with.",
            Source, stage => OtherWayAsync(stage, reader)),
        new($"reset-behind-slow-{reader.Name()}",
            $"An RST behind data that {reader.One()} has not read is an RST there, once it reads.",
            "A proxy that looks at a socket only when it can pass its bytes on takes the reset for an end, or for nothing.",
            "RFC 9293, 3.5.3", stage => ResetAsync(stage, reader)),
    ]).Append(new("slow-readers-leave-others", "While eight connections are stuck, a ninth is served.",
        "One slow client must not be everybody's.", "incidents: head-of-line blocking between connections", OthersAsync));

    private static async Task<Finding> HoldsAsync(Stage stage, Party reader)
    {
        Link link = await stage.ConnectAsync(buffer: OwnBuffer);
        Content most = stage.Draw(stage.Bounds.MaxBuffered);
        Content taken = await link[reader.Other()].FillAsync(most, Patience.Long);
        string kib = $"{taken.Length / 1024:N0} KiB";
        Failure.Unless(taken.Length < most.Length, $"the sender is stuck before {most.Length / 1024:N0} KiB", $"{kib} were taken, and more would have been", "no bound");
        return new Finding($"{kib} were taken for a reader that reads nothing; the ends' own sockets hold some {4 * OwnBuffer / 1024} of them", kib);
    }

    private static async Task<Finding> ResumesAsync(Stage stage, Party reader)
    {
        Link link = await stage.ConnectAsync();
        Side sender = link[reader.Other()];
        Content taken = await sender.FillAsync(stage.Draw(stage.Bounds.MaxBuffered), Patience.Short);
        sender.SendFin();
        await stage.StayAsync(Patience.Short);
        return new Finding($"{await link[reader].ExpectAsync(taken)}");
    }

    private static async Task<Finding> OtherWayAsync(Stage stage, Party reader)
    {
        Link link = await stage.ConnectAsync();
        (Side slow, Side sender) = (link[reader], link[reader.Other()]);
        Content stuck = await sender.FillAsync(stage.Draw(stage.Bounds.MaxBuffered), Patience.Short);
        Content back = stage.Draw(2_000_000);
        Task sending = slow.SendAsync(back);
        await sender.ReceiveAsync(back);
        await sending;
        await slow.ReceiveAsync(stuck);
        return new Finding($"{back.Length:N0} bytes came the other way while {stuck.Length:N0} were stuck; then those came as well");
    }

    private static async Task<Finding> ResetAsync(Stage stage, Party reader)
    {
        Link link = await stage.ConnectAsync();
        Content stuck = await link[reader.Other()].FillAsync(stage.Draw(stage.Bounds.MaxBuffered), Patience.Short);
        link[reader.Other()].SendReset();
        await stage.StayAsync(Patience.Short);
        Receipt came = await link[reader].ReceiveToEndAsync(stuck);
        Failure.Unless(came is { End: End.Rst, FirstWrong: null }, "a beginning of what was sent, then RST", came.ToString(), came.FirstWrong is null ? $"{came.End.Name()} for RST" : "wrong bytes");
        return new Finding($"{stuck.Length:N0} bytes were sent; {came}");
    }

    private static async Task<Finding> OthersAsync(Stage stage)
    {
        const int Stuck = 8;
        Task[] filling = new Task[Stuck];
        for (int i = 0; i < Stuck; i++)
            filling[i] = (await stage.ConnectAsync()).Client.FillAsync(stage.Draw(stage.Bounds.MaxBuffered), Patience.Short);
        await Task.WhenAll(filling);

        Link free = await stage.ConnectAsync();
        Content up = stage.Draw(1_000_000), down = stage.Draw(1_000_000);
        await Task.WhenAll(free.Client.SendAsync(up), free.Upstream.ReceiveAsync(up));
        await Task.WhenAll(free.Upstream.SendAsync(down), free.Client.ReceiveAsync(down));
        return new Finding($"{up.Length:N0} bytes each way beside {Stuck} connections that stand still");
    }
}
