using System.Net.Sockets;
using Sluice.Functional.Wire;
using Sluice.Programs.Processes;

namespace Sluice.Faults;

/// <summary>SIGKILL while the daemon carries connections, and another that takes its place at once.</summary>
public sealed class KilledTests
{
    private const int Connections = 40;
    private const int Bytes = 2 << 20;

    [Theory(Timeout = 180_000)]
    [InlineData("off", null)]
    [InlineData("sockmap", "offload: this kernel is trusted")]
    [InlineData("bypass", "offload: applications on this host may send past the proxy")]
    public async Task EveryEndHearsOfItNobodyGetsAWrongByteAndTheNextOneServesAtOnce(string offload, string? trusted)
    {
        using var server = new Server();
        string upstream = server.EndPoint.ToString()!;
        SluiceProcess sluice = await SluiceProcess.StartAsync([upstream], new SluiceSetup { Runtime = [$"offload: {offload}"] });
        try
        {
            for (int deaths = 0; deaths < 3; deaths++)
            {
                if (trusted is not null)
                    await sluice.LoggedAsync(trusted);
                await DieAsync(sluice, upstream, server, offload);
                SluiceProcess next = await sluice.RestartAsync();
                await sluice.DisposeAsync();
                sluice = next;
            }

            await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => WholeAsync(sluice, upstream, server)));
        }
        finally
        {
            await sluice.DisposeAsync();
        }
    }

    private static async Task DieAsync(SluiceProcess sluice, string upstream, Server server, string offload)
    {
        List<Socket> sockets = [];
        List<Transfer> streams = [], oneWay = [];
        for (int i = 0; i < Connections; i++)
        {
            sockets.AddRange([await Sockets.DialAsync(sluice.To(upstream)), await server.AcceptAsync()]);
            streams.Add(new Transfer(sockets[^2], sockets[^1], 1));
            if (i % 2 == 0)
                streams.Add(new Transfer(sockets[^1], sockets[^2], 2));
            else
                oneWay.Add(streams[^1]);
        }

        await Carried.SpeakAsync(sluice, offload, sockets);
        Dictionary<Transfer, Task<Ending>> receiving = streams.ToDictionary(stream => stream, stream => stream.ReceiveAsync());
        Task<Ending>[] sending = [.. streams.Select(stream => stream.SendAsync(long.MaxValue))];
        foreach (Transfer stream in streams)
            await stream.MoreAsync(300_000);
        await sluice.KillAsync();
        Assert.All(await Task.WhenAll(sending).OrHung("all senders to hear of it"), end => Assert.Equal(Ending.Rst, end));
        await Task.WhenAll(receiving.Values).OrHung("all receivers to hear of it"); // fails on a wrong byte
        // What the kernel carries must not look whole when it was cut. A socket tells of an RST once: where it sends as well, it may have told that.
        foreach (Transfer stream in offload == "off" ? [] : oneWay)
            Assert.Equal(Ending.Rst, await receiving[stream]);
        sockets.ForEach(socket => socket.Dispose());
    }

    private static async Task WholeAsync(SluiceProcess sluice, string upstream, Server server)
    {
        using Socket client = await Sockets.DialAsync(sluice.To(upstream)), accepted = await server.AcceptAsync();
        Transfer up = new(client, accepted, 1), down = new(accepted, client, 2);
        Ending[] ends = await Task.WhenAll(up.SendAsync(Bytes), down.SendAsync(Bytes), up.ReceiveAsync(), down.ReceiveAsync());
        Assert.All(ends, end => Assert.Equal(Ending.Fin, end));
        Assert.Equal((Bytes, Bytes), (up.Received, down.Received));
    }
}
