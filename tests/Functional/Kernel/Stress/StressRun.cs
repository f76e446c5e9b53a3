using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Sluice.Functional.Proxy;
using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Transports;

namespace Sluice.Functional.Stress;

/// <summary>Many connections at a time through one proxy, and what it says of them afterwards.</summary>
internal sealed class StressRun(ProxyUnderTest proxy, Socket listener, SemaphoreSlim opening)
{
    private const string Variable = "SLUICE_STRESS_SEED";
    private const int AtATime = 24;
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(60);

    /// <summary>Draws so many cases, or one so many times where its seed is in the environment.</summary>
    public static IEnumerable<Case> Draw(int count) => Seeds(count).Select(Case.Draw);

    /// <summary>Plays cases and checks every result.</summary>
    /// <param name="cases">Begun in this order.</param>
    /// <param name="near">Where clients connect.</param>
    /// <param name="far">Where the server is.</param>
    /// <param name="transport">The proxy's.</param>
    /// <param name="afterwards">When all connections have ended, while the proxy is still there.</param>
    public static async Task PlayAsync(Case[] cases, EndPoint near, EndPoint far, Func<ITransport> transport, Action? afterwards = null)
    {
        using var listener = new Socket(far.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(far);
        listener.Listen(AtATime);
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(listener.LocalEndPoint!, near, transport: transport);
        using var opening = new SemaphoreSlim(1);
        var run = new StressRun(proxy, listener, opening);
        int next = -1;
        var failures = new ConcurrentQueue<Exception>();
        await Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var number && number < cases.Length)
                await run.PlayAsync(cases[number], failures);
        })));
        if (!failures.IsEmpty)
            throw new AggregateException($"{failures.Count} of {cases.Length} failed; unexpected: {await run.UnexpectedAsync(cases)}", failures);
        await run.CheckResultsAsync(cases);
        afterwards?.Invoke();
    }

    private static IEnumerable<int> Seeds(int count) => int.TryParse(Environment.GetEnvironmentVariable(Variable), out int seed)
        ? Enumerable.Repeat(seed, count)
        : Enumerable.Range(0, count).Select(_ => Random.Shared.Next());

    private async Task PlayAsync(Case drawn, ConcurrentQueue<Exception> failures)
    {
        Connection? connection = null;
        try
        {
            connection = await OpenAsync(drawn);
            await connection.PlayAsync().WaitAsync(_longest, Deadline.Token);
        }
        catch (Exception failure)
        {
            string what = $"{Variable}={drawn.Seed} replays {connection?.ToString() ?? drawn.ToString()}";
            TestContext.Current.TestOutputHelper!.WriteLine($"{what}: {failure.Message}"); // at once: what follows may fail as well
            failures.Enqueue(new InvalidOperationException(what, failure));
        }
        finally
        {
            connection?.Dispose();
        }
    }

    // One after the other, so that both ends are known.
    private async Task<Connection> OpenAsync(Case drawn)
    {
        await opening.WaitAsync(Deadline.Token);
        try
        {
            Socket client = new(proxy.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            SetUp(client, drawn.Client);
            SetSegmentSize(listener, drawn.Server.SegmentSize);
            await client.ConnectAsync(proxy.EndPoint, Deadline.Token);
            Socket server = await listener.AcceptAsync(Deadline.Token).AsTask().OrHung("the proxy to dial");
            SetUp(server, drawn.Server);
            if (drawn.Resets())
                await GreetAsync(client, server);
            return new Connection(drawn, client, server);
        }
        finally
        {
            opening.Release();
        }
    }

    // The way is open from end to end, so that a reset is never one of a connect.
    private static async Task GreetAsync(Socket client, Socket server)
    {
        await server.SendAllAsync(new byte[1]);
        await client.ReceiveExactlyAsync(1).OrHung("a greeting");
    }

    private static void SetUp(Socket socket, End end)
    {
        socket.NoDelay = end.NoDelay;
        socket.Blocking = false; // else the first asynchronous operation does it, and the bypass may have looked before
        if (end.SendBuffer > 0)
            socket.SendBufferSize = end.SendBuffer;
        if (end.ReceiveBuffer > 0)
            socket.ReceiveBufferSize = end.ReceiveBuffer;
        if (!socket.Connected)
            SetSegmentSize(socket, end.SegmentSize);
    }

    private static void SetSegmentSize(Socket socket, int size)
    {
        const int Tcp = 6, MaxSegment = 2;
        socket.SetRawSocketOption(Tcp, MaxSegment, BitConverter.GetBytes(size)); // 0: as the route has it
    }

    private async Task CheckResultsAsync(Case[] cases)
    {
        var results = new List<SpliceResult>();
        for (int i = 0; i < cases.Length; i++)
            results.Add(await proxy.NextResultAsync());

        Assert.Equal(Sorted(cases.Select(Expected)), Sorted(results.Select(Said)));
    }

    // What the proxy says of those that failed, as far as it is nothing that another may have ended with.
    private async Task<string> UnexpectedAsync(Case[] cases)
    {
        List<string> left = Sorted(cases.Select(Expected));
        var unexpected = new List<SpliceResult>();
        for (int i = 0; i < cases.Length; i++)
        {
            SpliceResult result = await proxy.NextResultAsync();
            if (!left.Remove(Said(result)))
                unexpected.Add(result);
        }

        return string.Join("; ", unexpected);
    }

    private static List<string> Sorted(IEnumerable<string> lines) => [.. lines.Order(StringComparer.Ordinal)];

    private static string Expected(Case drawn) => drawn.Course switch
    {
        Course.ClientResets => $"{EndReason.ClientReset}",
        Course.ServerResets => $"{EndReason.UpstreamReset}",
        _ => $"{EndReason.Completed} {drawn.Client.Bytes} {drawn.Server.Bytes}",
    };

    private static string Said(SpliceResult result) => result.Reason == EndReason.Completed
        ? $"{result.Reason} {result.BytesFromClient} {result.BytesFromUpstream}"
        : $"{result.Reason}";
}
