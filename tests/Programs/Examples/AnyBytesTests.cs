using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Sluice.Functional.Scenarios;
using Sluice.Functional.Wire;
using Sluice.Programs.Processes;

namespace Sluice.Programs.Examples;

/// <summary>Any byte stream against any example: it ends as documented, nothing is left behind, and the daemon lives.</summary>
public sealed partial class AnyBytesTests
{
    private const int Connections = 60;
    private const int AtATime = 15;

    [Theory(Timeout = 180_000)]
    [InlineData("allow-list-shadow.yaml")]
    [InlineData("http-methods.yaml")]
    [InlineData("https-by-sni.yaml")]
    [InlineData("length-prefixed-sidecar.yaml")]
    [InlineData("mqtt-packet-limit.yaml")]
    [InlineData("one-port-many-protocols.yaml")]
    [InlineData("postgres-by-database.yaml")]
    [InlineData("redis-block-commands.yaml")]
    [InlineData("sharded-by-key-byte.yaml")]
    public async Task NoStreamIsADefect(string example)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Deadline.Token);
        using var server = new Server();
        Task serving = EchoAsync(server, stop.Token);
        int port = Ports.Free();
        await using SluiceProcess sluice = await SluiceProcess.StartExampleAsync(example, [.. Variables(example, port, server.EndPoint)]);
        IPEndPoint way = Watching.Loopback(port);
        await PlayAsync(way, new Random(0)); // loads what stays open
        await sluice.ConnectionsAsync(all => all.Length == 0);
        int sockets = sluice.OpenSockets;

        foreach (int[] seeds in ScenarioSource.Seeds(Connections).Chunk(AtATime))
        {
            TestContext.Current.SendDiagnosticMessage($"{example}: seeds {string.Join(' ', seeds)}");
            await Task.WhenAll(seeds.Select(seed => Task.Run(() => PlayAsync(way, new Random(seed)))));
        }

        await sluice.ConnectionsAsync(all => all.Length == 0);
        await Deadline.UntilAsync(() => Ended().Count(sluice.Log) == Connections + 1, () => $"{Connections + 1} connections in the log, there are {Ended().Count(sluice.Log)}");
        await Deadline.UntilAsync(() => sluice.OpenSockets <= sockets, () => $"{sluice.OpenSockets} sockets to be {sockets} again");
        TestContext.Current.SendDiagnosticMessage(
            $"{example}: {string.Join(", ", Ended().Matches(sluice.Log).CountBy(end => end.Groups[1].Value).Select(reason => $"{reason.Value} {reason.Key}"))}");
        Assert.DoesNotMatch(Defect(), sluice.Log);
        Assert.DoesNotMatch(Defect(), await sluice.MetricsAsync());
        await sluice.StopAsync();
        await stop.CancelAsync();
        await serving;
    }

    // Sends it in pieces while reading what comes, and ends by FIN, by RST or by closing.
    private static async Task PlayAsync(IPEndPoint way, Random random)
    {
        using Socket client = await Sockets.DialAsync(way);
        byte[] bytes = ByteSource.Draw(random);
        Task<(byte[] Bytes, Ending Ending)> answers = client.ReceiveToEndAsync();
        try
        {
            for (int from = 0; from < bytes.Length;)
            {
                int count = Math.Min(bytes.Length - from, 1 + random.Next(random.Next(3) == 0 ? 100_000 : 30));
                await client.SendAllAsync(bytes.AsMemory(from, count));
                from += count;
            }

            if (random.Next(4) != 0)
                client.SendFin();
            else
                client.Reset();
        }
        catch (SocketException error) when (error.IsReset)
        {
            // The daemon had enough.
        }

        try
        {
            await answers.OrHung("the connection's end");
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
        {
            // It was reset here.
        }
    }

    private static async Task EchoAsync(Server server, CancellationToken stop)
    {
        List<Task> connections = [];
        try
        {
            while (true)
                connections.Add(EchoAsync(await server.AcceptAsync(stop)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private static async Task EchoAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            await stream.CopyToAsync(stream, Deadline.Token);
        }
        catch (IOException)
        {
            // The daemon passed a reset on.
        }
    }

    private static IEnumerable<(string Name, string Value)> Variables(string example, int port, EndPoint server) =>
        Variable().Matches(File.ReadAllText(SluiceProcess.PathOf(example))).Select(variable => variable.Groups[1].Value)
            .Where(name => name != "ADMIN_LISTEN")
            .Select(name => (name, name.EndsWith("_LISTEN", StringComparison.Ordinal) ? $"127.0.0.1:{port}" : $"{server}"));

    [GeneratedRegex(@"\$\{(\w+_(?:LISTEN|ENDPOINT)):-")]
    private static partial Regex Variable();

    [GeneratedRegex(" Access: #.*?: ([a-z_]+)[, ]")]
    private static partial Regex Ended();

    [GeneratedRegex("internal_error|program_fault|map_refused| error | critical |Exception")]
    private static partial Regex Defect();
}
