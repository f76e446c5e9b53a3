using System.Diagnostics;
using System.Net.Sockets;
using TcpProxyConformance.Play;
using TcpProxyConformance.Wire;

namespace TcpProxyConformance.Cases;

/// <summary>The upstream is slow to accept, refuses, or comes back. These are played last: some proxies remember a refusal.</summary>
internal static class UpstreamCases
{
    public static IEnumerable<Case> All =>
    [
        new("upstream-accepts-late", "What a client sends and its FIN, before the upstream has called accept, arrive once it has.",
            "A server that is starting, or in a long garbage collection.", "listen(2): connections complete in the backlog", AcceptsLateAsync),
        new("upstream-backlog-full", "What becomes of a client whose upstream's backlog is full for a moment.",
            "Under load SYNs are dropped and sent again after a second. A connect timeout below that turns a burst into errors.",
            "listen(2); RFC 6298, 2.1: the first retransmission is after 1 s", BacklogAsync) { IsRequired = false },
        new("upstream-refuses", "A client whose upstream refuses sees an end of its connection before the time is up.",
            "A client that is left hanging tries nobody else.", "incidents: hung clients while a server restarts", RefusesAsync),
        new("upstream-comes-back", "When an upstream that has refused listens again, clients are served again before the time is up.",
            "A restarted server must get its clients back. Raise `--timeout` where the proxy is meant to leave it alone for longer.",
            "incidents: upstreams that stay marked as down", ComesBackAsync),
    ];

    private static async Task<Finding> AcceptsLateAsync(Stage stage)
    {
        await stage.Upstream.ListenAsync();
        stage.Upstream.First = Speaks.Client;
        Content content = stage.Draw(50_000);
        Side client = await stage.DialAsync();
        uint number = await stage.IntroduceAsync(client);
        await client.SendAsync(content);
        client.SendFin();
        await stage.StayAsync(Patience.Short);
        stage.Upstream.Accept();
        Link link = await stage.ArriveAsync(client, number);
        return new Finding($"upstream: {await link.Upstream.ExpectAsync(content)}");
    }

    private static async Task<Finding> BacklogAsync(Stage stage)
    {
        await stage.Upstream.ListenAsync(backlog: 0);
        List<Socket> fillers = [];
        try
        {
            await FillAsync(stage, fillers);
            Task<Side> dialling = stage.DialAsync(); // without a proxy it is this that waits
            await stage.StayAsync(Patience.Short);
            stage.Upstream.Accept();
            Side client = await dialling;
            uint number = await stage.IntroduceAsync(client);
            Task<int> ended = client.ReceiveAsync(new byte[1]);
            Task<Link> arrives = stage.ArriveAsync(client, number);
            await await Task.WhenAny(ended, arrives);
            return arrives.IsCompletedSuccessfully ? new Finding("it was served when there was room again", "served later") : new Finding($"{client}", client.End.Name());
        }
        finally
        {
            fillers.ForEach(filler => filler.Dispose());
            await stage.Upstream.ListenAsync();
            stage.Upstream.Accept();
        }
    }

    // The kernel takes one connection more than the backlog; of another one the SYN is dropped, and no connect completes.
    private static async Task FillAsync(Stage stage, List<Socket> fillers)
    {
        while (fillers.Count < 16)
        {
            var filler = new Socket(stage.Upstream.Direct.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            fillers.Add(filler);
            Task connecting = filler.ConnectAsync(stage.Upstream.Direct, stage.Deadline).AsTask();
            if (await Task.WhenAny(connecting, stage.StayAsync(Patience.Short)) != connecting)
                return;
            await connecting;
        }

        throw new NotApplicableException("this kernel takes more connections than the backlog");
    }

    private static async Task<Finding> RefusesAsync(Stage stage)
    {
        stage.Upstream.Refuse();
        try
        {
            var time = Stopwatch.StartNew();
            string how = await RefusedAsync(stage);
            return new Finding($"{how} after {time.Elapsed.TotalSeconds:F3} s", how);
        }
        finally
        {
            await stage.Upstream.ListenAsync();
            stage.Upstream.Accept();
        }
    }

    private static async Task<Finding> ComesBackAsync(Stage stage)
    {
        stage.Upstream.Refuse();
        try
        {
            await RefusedAsync(stage);
        }
        finally
        {
            await stage.Upstream.ListenAsync();
            stage.Upstream.Accept();
        }

        for (int attempts = 1; attempts <= stage.Bounds.Timeout / Patience.Short; attempts++)
        {
            if (await IsServedAsync(stage))
                return new Finding($"served again at attempt {attempts}");
            await stage.StayAsync(Patience.Short);
        }

        throw new Failure("clients are served again", $"none was within {stage.Bounds.Timeout.TotalSeconds} s", "not served");
    }

    // Whatever the proxy does: connect may fail, or the connection may end.
    private static async Task<string> RefusedAsync(Stage stage)
    {
        Side client;
        try
        {
            client = await stage.DialAsync();
        }
        catch (Failure refused)
        {
            return $"connect: {refused.Kind}";
        }

        // Only then does it speak, for proxies that look at the first bytes before they connect: bytes that nobody reads would be answered with RST.
        Task<int> ending = client.ReceiveAsync(new byte[1]);
        if (await Task.WhenAny(ending, stage.StayAsync(Patience.Short)) != ending)
            await client.TrySendAsync(Token.Of(stage.Upstream.NextNumber()));
        await ending;
        return client.End.Name();
    }

    private static async Task<bool> IsServedAsync(Stage stage)
    {
        try
        {
            Side client = await stage.DialAsync();
            uint number = await stage.IntroduceAsync(client);
            Task<int> ended = client.ReceiveAsync(new byte[1]);
            Task<Link> arrives = stage.ArriveAsync(client, number);
            return await Task.WhenAny(ended, arrives) == arrives && (await arrives).Upstream.Party == Party.Upstream;
        }
        catch (Failure)
        {
            return false;
        }
    }
}
