using System.Net.Sockets;
using Sluice.Functional.Wire;
using Sluice.Programs.Processes;

namespace Sluice.Faults;

/// <summary>The daemon itself stands still for longer than its time limits, as under SIGSTOP or on a machine that was suspended.</summary>
public sealed class FrozenTests
{
    [Theory(Timeout = 120_000)]
    [InlineData("off", 700)] // more than one look of a reactor brings
    [InlineData("sockmap", 50)]
    public async Task WhoHasSpokenMeanwhileWasNotIdle(string offload, int connections)
    {
        using var server = new Server();
        string upstream = server.EndPoint.ToString()!;
        var setup = new SluiceSetup { Runtime = [$"offload: {offload}", "reactors: 1"], Listener = ["idle_timeout: 3s"] };
        await using SluiceProcess sluice = await SluiceProcess.StartAsync([upstream], setup);
        if (offload == "sockmap")
            await sluice.LoggedAsync("offload: this kernel is trusted");
        List<(Socket Client, Socket Server)> pairs = [];
        try
        {
            for (int i = 0; i < connections; i++)
                pairs.Add((await Sockets.DialAsync(sluice.To(upstream)), await server.AcceptAsync()));
            await SayAsync(pairs, rounds: offload == "sockmap" ? 20 : 1);

            await Carried.AssertAsync(sluice, offload);
            await sluice.SignalAsync("STOP");
            foreach ((Socket client, _) in pairs)
                await client.SendAllAsync("spoken"u8.ToArray());
            await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken); // what is tested is that this time is no one's fault
            await sluice.SignalAsync("CONT");

            foreach ((Socket client, Socket accepted) in pairs)
                Assert.Equal("spoken"u8.ToArray(), await accepted.ReceiveExactlyAsync(6).OrHung("what was said meanwhile"));
        }
        finally
        {
            foreach ((Socket client, Socket accepted) in pairs)
            {
                client.Dispose();
                accepted.Dispose();
            }
        }
    }

    private static async Task SayAsync(List<(Socket Client, Socket Server)> pairs, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            foreach ((Socket client, Socket accepted) in pairs)
            {
                await client.SendAllAsync(new byte[1]);
                await accepted.ReceiveExactlyAsync(1).OrHung("a word");
            }
        }
    }
}
