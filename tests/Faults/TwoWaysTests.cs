using System.Net.Sockets;
using Sluice.Functional.Wire;
using Sluice.Programs.Processes;

namespace Sluice.Faults;

/// <summary>
/// Many connections that send without a pause both ways at once, while others want the processors as well. It takes minutes on a busy
/// machine, and once has failed there (docs/reliability.md, Known): run it by name, with <c>-explicit only</c>.
/// </summary>
public sealed class TwoWaysTests
{
    private const int Connections = 32;
    private const int Rounds = 5;
    private const int Bytes = 256 << 10;

    [Theory(Timeout = 240_000, Explicit = true)]
    [InlineData("off")]
    [InlineData("sockmap")]
    public async Task NoDirectionStandsStillWhileOthersGoOn(string offload)
    {
        using var server = new Server();
        string upstream = server.EndPoint.ToString()!;
        await using SluiceProcess sluice = await SluiceProcess.StartAsync([upstream], new SluiceSetup { Runtime = [$"offload: {offload}"] });
        if (offload == "sockmap")
            await sluice.LoggedAsync("offload: this kernel is trusted");

        List<Socket> sockets = [];
        List<Transfer> streams = [];
        for (int i = 0; i < Connections; i++)
        {
            sockets.AddRange([await Sockets.DialAsync(sluice.To(upstream)), await server.AcceptAsync()]);
            await GreetAsync(sockets[^2], sockets[^1]);
            streams.AddRange([new Transfer(sockets[^2], sockets[^1], 1), new Transfer(sockets[^1], sockets[^2], 2)]);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Deadline.Token);
        Thread[] others = [.. Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(_ => Burn(stop.Token))];
        Task<Ending>[] receiving = [.. streams.Select(stream => stream.ReceiveAsync())];
        Task<Ending>[] sending = [.. streams.Select(stream => stream.SendAsync(long.MaxValue, stop: stop.Token))];
        for (int round = 0; round < Rounds; round++)
        {
            foreach (Transfer stream in streams)
                await stream.MoreAsync(Bytes);
        }

        await stop.CancelAsync();
        Array.ForEach(others, thread => thread.Join());
        Assert.All(await Task.WhenAll(sending.Concat(receiving)).OrHung("all streams to end"), end => Assert.Equal(Ending.Fin, end));
        Assert.All(streams, stream => Assert.Equal(stream.Sent, stream.Received));
        sockets.ForEach(socket => socket.Dispose());
    }

    // What rests between two messages goes to the kernel; what never rests would not.
    private static async Task GreetAsync(Socket client, Socket accepted)
    {
        byte[] message = new byte[512];
        for (int i = 0; i < 40; i++)
        {
            await client.SendAllAsync(message);
            await accepted.ReceiveExactlyAsync(message.Length);
            await accepted.SendAllAsync(message);
            await client.ReceiveExactlyAsync(message.Length);
        }
    }

    private static Thread Burn(CancellationToken stop)
    {
        var thread = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
            }
        })
        { IsBackground = true };
        thread.Start();
        return thread;
    }
}
