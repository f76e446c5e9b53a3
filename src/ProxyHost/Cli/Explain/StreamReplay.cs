using Sluice.ProxyHost.Model;
using Sluice.Redirect;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Verdicts;

namespace Sluice.ProxyHost.Cli.Explain;

/// <summary>What happens to given bytes on a listener: the route they take, and what the program makes of each piece.</summary>
internal static class StreamReplay
{
    public static void Print(Page page, ListenerState listener, ProxyModel model, GivenStream stream, GivenSocket socket)
    {
        page.Line($"{(stream.Bytes.Length == 0 ? "nothing" : Amounts.Bytes(stream.Bytes.Length))} from {socket.Text}{Cut(stream)}");
        (int read, string cluster) = (0, listener.Config.Cluster);
        if (stream.From == Direction.FromClient && listener.Routes is { } routes)
        {
            page.In.Line("routes");
            var route = new RouteReplay(routes, socket.Context, stream);
            read = route.Print(page.In.In);
            cluster = routes.ClusterOf(route.Route).Cluster.Config.Name;
        }
        string onward = stream.From == Direction.FromClient ? $"cluster {cluster}" : "the client";
        ProgramState? program = model.Program(
            stream.From == Direction.FromClient ? listener.Config.Programs.FromClient : listener.Config.Programs.FromUpstream);
        bool hasMore = stream.From == Direction.FromUpstream && listener.Programs.Any(one => one.Clusters.Any());
        string whenAll = hasMore ? ", once those of all other clusters have ended too" : "";
        if (program is null)
            page.In.Line($"no program: {Unchanged(stream, onward)}the FIN goes on to {onward}{whenAll}");
        else
            Replay(page.In, program, new StepWords(program, stream.From, onward), stream, socket.Context, Math.Max(1, read), whenAll);
    }

    private static void Replay(
        Page page, ProgramState program, StepWords words, GivenStream stream, MessageContext context, int readFirst, string whenAll)
    {
        page.Line($"program {program.Rules.Name}");
        var replay = new ProgramReplay(program.Backend, context);
        int next = 0;
        for (int until = readFirst; next < stream.Pieces.Count && !replay.IsOver; next = until, until++)
        {
            int from = stream.Pieces[next].Start.Value;
            int to = stream.Pieces[Math.Min(until, stream.Pieces.Count) - 1].End.Value;
            page.In.Line($"{Pieces(next, until)}, {Amounts.Bytes(to - from)} at {from}");
            words.Print(page.In.In, replay.Offer(stream.Bytes.AsMemory(from..to)));
        }
        if (!replay.IsOver)
        {
            page.In.Line("end of stream (FIN)");
            words.Print(page.In.In, replay.End());
            if (!words.HasEnded) page.In.In.Line($"the FIN goes on to {words.ReachedByFin}{whenAll}");
        }
        else if (next < stream.Pieces.Count)
        {
            page.In.Line($"{Amounts.Bytes(stream.Bytes.Length - stream.Pieces[next].Start.Value)} after that: not received any more");
        }
    }

    private static string Unchanged(GivenStream stream, string onward) =>
        stream.Bytes.Length == 0 ? "" : $"{Amounts.Go(stream.Bytes.Length)} to {onward} unchanged; ";

    private static string Cut(GivenStream stream) => stream.Pieces.Count < 2 ? ""
        : $", in pieces of {string.Join(", ", stream.Pieces.Select(piece => piece.End.Value - piece.Start.Value))}";

    private static string Pieces(int from, int to) => to - from == 1 ? $"piece {to}" : $"pieces {from + 1} to {to}, read together";
}
