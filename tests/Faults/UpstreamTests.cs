using System.Net;
using System.Net.Sockets;
using Sluice.Faults.Hosts;
using Sluice.Functional.Wire;
using Sluice.Programs.Processes;

namespace Sluice.Faults;

/// <summary>The server dies, stands still, or cannot be reached any more.</summary>
public sealed class UpstreamTests
{
    private const int MiB = 1 << 20;

    [Theory(Timeout = 120_000)]
    [InlineData("off")]
    [InlineData("sockmap")]
    public async Task WhatAKilledServersKernelSaysReachesTheClientAndTheNextConnectionGoesElsewhere(string offload)
    {
        await using ThreeHosts hosts = await ThreeHosts.CreateAsync();
        await using SluiceProcess echo = await hosts.StartEchoAsync();
        using Server other = hosts.Listen();
        var endPoint = new IPEndPoint(IPAddress.Parse(ThreeHosts.ServerAddress), echo.PortTo("builtin:echo"));
        string upstream = $"{endPoint},{other.EndPoint}";
        await using SluiceProcess sluice = await hosts.StartAsync(upstream, offload);
        using Socket idle = await hosts.DialAsync(sluice.PortTo(upstream)), direct = hosts.Server.Make(() => Sockets.Create(Sockets.AnyV4));
        await direct.ConnectAsync(endPoint, Deadline.Token);
        foreach (Socket client in (Socket[])[idle, direct])
        {
            await client.SendAllAsync("hello"u8.ToArray());
            await client.ReceiveExactlyAsync(5).OrHung("the echo");
        }

        // The endpoints take turns: what connects next is at the other, and what is after that, here again.
        using Socket there = await hosts.DialAsync(sluice.PortTo(upstream)), atOther = await other.AcceptAsync();
        using Socket streaming = await hosts.DialAsync(sluice.PortTo(upstream));
        await Carried.SpeakAsync(sluice, offload, idle, idle, there, atOther, streaming, streaming);
        var stream = new Transfer(streaming, streaming, 1);
        Task<Ending> sending = stream.SendAsync(long.MaxValue), receiving = stream.ReceiveAsync();
        await stream.MoreAsync(MiB);

        await echo.KillAsync();
        (byte[] _, Ending directly) = await direct.ReceiveToEndAsync().OrHung("the end of the direct connection");
        Assert.Equal(directly, (await idle.ReceiveToEndAsync().OrHung("the end of the proxied connection")).Ending);
        Assert.Equal(Ending.Rst, await sending.OrHung("the streaming client to hear of it"));
        await receiving.OrHung("the end of its stream");

        for (int i = 0; i < 4; i++)
        {
            using Socket next = await hosts.DialAsync(sluice.PortTo(upstream)), accepted = await other.AcceptAsync();
            await accepted.SendAllAsync("here"u8.ToArray());
            Assert.Equal("here"u8.ToArray(), await next.ReceiveExactlyAsync(4).OrHung("the other server"));
        }
    }

    [Theory(Timeout = 120_000)]
    [InlineData("off")]
    [InlineData("sockmap")]
    public async Task AServerThatStandsStillHoldsItsClientsAndNoMoreMemoryThanWasAllowed(string offload)
    {
        const int Clients = 24;
        const long Bytes = 12 * MiB;
        await using ThreeHosts hosts = await ThreeHosts.CreateAsync();
        await using SluiceProcess echo = await hosts.StartEchoAsync();
        string upstream = $"{ThreeHosts.ServerAddress}:{echo.PortTo("builtin:echo")}";
        await using SluiceProcess sluice = await hosts.StartAsync(upstream, offload, new SluiceSetup { Runtime = ["buffer_memory: 4MiB"] });
        Socket[] clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => hosts.DialAsync(sluice.PortTo(upstream))));
        await Carried.SpeakAsync(sluice, offload, [.. clients.SelectMany(client => (Socket[])[client, client])]);
        Transfer[] streams = [.. clients.Select((client, i) => new Transfer(client, client, i))];
        Task<Ending>[] receiving = [.. streams.Select(stream => stream.ReceiveAsync())];
        Task<Ending>[] sending = [.. streams.Select(stream => stream.SendAsync(Bytes))];
        await streams[0].MoreAsync(100_000);
        int before = sluice.ResidentKiB;

        await echo.SignalAsync("STOP");
        await UntilStandingAsync(streams);
        int grown = sluice.ResidentKiB - before;
        Assert.True(grown < 40 * 1024, $"{grown} KiB more while {Clients} streams stand still");
        await echo.SignalAsync("CONT");

        Assert.All(await Task.WhenAll(sending).OrHung("all to be sent"), end => Assert.Equal(Ending.Fin, end));
        Assert.All(await Task.WhenAll(receiving).OrHung("all to come back"), end => Assert.Equal(Ending.Fin, end));
        Assert.All(streams, stream => Assert.Equal(Bytes, stream.Received));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("off")]
    [InlineData("sockmap")]
    public async Task AConnectionOutlivesACableThatComesBack(string offload)
    {
        using var enough = new CancellationTokenSource();
        await using ThreeHosts hosts = await ThreeHosts.CreateAsync();
        using Server server = hosts.Listen();
        string upstream = server.EndPoint.ToString()!;
        await using SluiceProcess sluice = await hosts.StartAsync(upstream, offload);
        using Socket client = await hosts.DialAsync(sluice.PortTo(upstream)), accepted = await server.AcceptAsync();
        await Carried.SpeakAsync(sluice, offload, client, accepted);
        var stream = new Transfer(client, accepted, 1);
        Task<Ending> receiving = stream.ReceiveAsync(), sending = stream.SendAsync(long.MaxValue, stop: enough.Token);
        await stream.MoreAsync(MiB);
        await hosts.SetCableAsync(isIn: false);
        await UntilStandingAsync([stream]);
        await hosts.SetCableAsync(isIn: true);
        await stream.MoreAsync(MiB);
        await enough.CancelAsync();
        Assert.Equal(Ending.Fin, await sending.OrHung("all to be sent"));
        Assert.Equal(Ending.Fin, await receiving.OrHung("all to arrive"));
        Assert.Equal(stream.Sent, stream.Received);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("off")]
    [InlineData("sockmap")]
    public async Task OneThatIsCutOffEndsAsIdle(string offload)
    {
        await using ThreeHosts hosts = await ThreeHosts.CreateAsync();
        using Server server = hosts.Listen();
        string upstream = server.EndPoint.ToString()!;
        await using SluiceProcess sluice = await hosts.StartAsync(upstream, offload, "idle_timeout: 2s");
        using Socket client = await hosts.DialAsync(sluice.PortTo(upstream)), accepted = await server.AcceptAsync();
        await Carried.SpeakAsync(sluice, offload, client, accepted);
        var stream = new Transfer(client, accepted, 1);
        Task<Ending> receiving = stream.ReceiveAsync(), sending = stream.SendAsync(long.MaxValue);
        await stream.MoreAsync(MiB);
        await hosts.SetCableAsync(isIn: false);
        Assert.Equal(Ending.Rst, await sending.OrHung("the client to hear of it"));
        await Deadline.UntilAsync(() => sluice.RecorderAsync().GetAwaiter().GetResult().Contains("\"idle_timeout\"", StringComparison.Ordinal), () => $"idle_timeout in the recorder: {sluice.RecorderAsync().GetAwaiter().GetResult()}");
        accepted.Dispose();
        Exception cut = await Assert.ThrowsAnyAsync<Exception>(() => receiving);
        Assert.True(cut is SocketException or ObjectDisposedException, cut.ToString()); // and not a byte that is wrong
    }

    [Fact(Timeout = 120_000)]
    public async Task EndpointsThatNothingComesBackFromAreLeftForOneThatAnswers()
    {
        await using ThreeHosts hosts = await ThreeHosts.CreateAsync();
        using Server server = hosts.Listen();
        string upstream = $"10.202.3.1:80,10.202.4.1:80,{server.EndPoint}";
        await using SluiceProcess sluice = await hosts.StartAsync(upstream, "off", new SluiceSetup { Cluster = ["connect_timeout: 300ms"] });
        await hosts.AtProxyAsync("""
            ip route add blackhole 10.202.3.0/24
            ip route add 10.202.4.0/24 dev $server
            nft 'table ip away { chain goes { type filter hook output priority 0; ip daddr 10.202.4.0/24 drop; }; }'
            """);
        for (int i = 0; i < 3; i++)
        {
            using Socket client = await hosts.DialAsync(sluice.PortTo(upstream)), accepted = await server.AcceptAsync();
            await accepted.SendAllAsync("hello"u8.ToArray());
            Assert.Equal("hello"u8.ToArray(), await client.ReceiveExactlyAsync(5).OrHung("the server that answers"));
        }
    }

    // Nothing moves for a second of looking: everything on the way is full.
    private static async Task UntilStandingAsync(Transfer[] streams)
    {
        long before = -1;
        int same = 0;
        await Deadline.UntilAsync(
            () =>
            {
                long now = streams.Sum(stream => stream.Received + stream.Sent);
                same = now == before ? same + 1 : 0;
                before = now;
                return same == 200;
            },
            () => "the streams to stand still");
    }
}
