using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Sluice.Faults.Hosts;
using Sluice.Functional.Wire;
using Sluice.Programs.Processes;

namespace Sluice.Faults;

/// <summary>Segments are lost on both sides of the proxy; no byte of a stream is.</summary>
public sealed partial class LossTests
{
    private const int Connections = 6;
    private const int Bytes = 1_500_000;

    // Three of a hundred, of what comes and of what goes, but for the loopback.
    private const string Loss = """
        nft -f - <<'RULES'
        table inet loss {
            chain comes { type filter hook input priority 0; iifname != "lo" meta l4proto tcp numgen random mod 100 < 3 counter drop; }
            chain goes { type filter hook output priority 0; oifname != "lo" meta l4proto tcp numgen random mod 100 < 3 counter drop; }
        }
        RULES
        """;

    [Theory(Timeout = 180_000)]
    [InlineData("off")]
    [InlineData("sockmap")]
    public async Task StreamsArriveWholeWhereSegmentsAreLost(string offload)
    {
        await using ThreeHosts hosts = await ThreeHosts.CreateAsync();
        using Server server = hosts.Listen();
        string upstream = server.EndPoint.ToString()!;
        await using SluiceProcess sluice = await hosts.StartAsync(upstream, offload);
        List<Socket> sockets = [];
        for (int i = 0; i < Connections; i++)
            sockets.AddRange([await hosts.DialAsync(sluice.PortTo(upstream)), await server.AcceptAsync()]);
        await Carried.SpeakAsync(sluice, offload, sockets);
        await hosts.AtProxyAsync(Loss);
        await Task.WhenAll(sockets.Chunk(2).Select(pair => StreamAsync(pair[0], pair[1])));
        sockets.ForEach(socket => socket.Dispose());

        string counted = await hosts.AtProxyAsync("nft list table inet loss");
        Assert.All(Packets().Matches(counted), match => Assert.True(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) > 0, counted));
        Assert.Equal(2, Packets().Count(counted));
    }

    private static async Task StreamAsync(Socket client, Socket accepted)
    {
        Transfer up = new(client, accepted, 1), down = new(accepted, client, 2);
        Ending[] ends = await Task.WhenAll(up.SendAsync(Bytes), down.SendAsync(Bytes), up.ReceiveAsync(), down.ReceiveAsync());
        Assert.All(ends, end => Assert.Equal(Ending.Fin, end));
        Assert.Equal((Bytes, Bytes), (up.Received, down.Received));
    }

    [GeneratedRegex(@"counter packets (\d+)")]
    private static partial Regex Packets();
}
