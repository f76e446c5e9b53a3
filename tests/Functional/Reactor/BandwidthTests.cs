using System.Net.Sockets;
using System.Security.Cryptography;
using Sluice.Functional.Proxy;
using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Transports;
using Sluice.Redirect.Verdicts;

namespace Sluice.Functional;

/// <summary>Connections that may be only so fast. Nothing here asserts a time: bytes are held against what the clock allows them.</summary>
public sealed class BandwidthTests
{
    // At this rate nothing more comes within a test.
    private const int Next = 1;

    [Theory(Timeout = 120_000)]
    [InlineData(false, 64 << 20)]
    [InlineData(true, 64 << 20)]
    [InlineData(false, 0)]
    public async Task BothDirectionsAreWholeAndNeverAheadOfTheClock(bool isJudged, int bufferMemory)
    {
        const int Rate = 200_000, Burst = 10_000;
        long start = Environment.TickCount64;
        await using Link link = await OpenAsync(Limit(Rate, Burst), isJudged, bufferMemory);
        await Task.WhenAll(
            ExchangeAsync(link.Client, link.Server, 1, Burst, Rate, start), ExchangeAsync(link.Server, link.Client, 2, Burst, Rate, start));
        Assert.Equal(EndReason.Completed, (await link.ResultAsync()).Reason);
    }

    [Fact(Timeout = 60_000)]
    public async Task AFinComesBehindTheBytesThatWaitAndTheOtherDirectionGoesOn()
    {
        Bandwidth limit = Limit(40_000, 2_000) with { FromUpstream = null };
        await using Link link = await OpenAsync(limit);
        byte[] bytes = Random(12_000, 3);
        await link.Client.SendAllAsync(bytes);
        link.Client.SendFin();
        byte[] answer = Random(500_000, 4);
        Task sending = link.Server.SendAllAsync(answer);
        Assert.Equal(answer, await link.Client.ReceiveExactlyAsync(answer.Length));
        await sending;
        await link.Server.AssertEndsAsync(bytes, Ending.Fin);
        link.Server.SendFin();
        Assert.Equal(EndReason.Completed, (await link.ResultAsync()).Reason);
        Assert.InRange(limit.Meter.Bytes(Direction.FromClient, isDryRun: false), 1, bytes.Length - 2_000);
        Assert.Equal((0, TimeSpan.Zero), (limit.Meter.Bytes(Direction.FromUpstream, false), limit.Meter.Time(Direction.FromUpstream, false)));
    }

    [Fact(Timeout = 60_000)]
    public async Task AnEndBehindNothingWaitsForNothing()
    {
        Bandwidth limit = Limit(Next, 1_000);
        await using (Link link = await OpenAsync(limit))
        {
            byte[] bytes = Random(1_000, 5);
            await link.Client.SendAllAsync(bytes);
            Assert.Equal(bytes, await link.Server.ReceiveExactlyAsync(bytes.Length));
            link.Client.SendFin();
            await link.Server.AssertEndsAsync(default, Ending.Fin);
        }

        Assert.Equal(TimeSpan.Zero, limit.Meter.Time(Direction.FromClient, isDryRun: false));
    }

    [Fact(Timeout = 60_000)]
    public async Task AResetComesBehindTheBytesThatWait()
    {
        await using Link link = await OpenAsync(Limit(40_000, 2_000));
        byte[] bytes = Random(12_000, 6);
        await link.Client.SendAllAsync(bytes);
        await link.Server.ReceiveExactlyAsync(2_000);
        link.Client.Reset();
        await link.Server.AssertEndsAsync(bytes.AsMemory(2_000), Ending.Rst);
        Assert.Equal(EndReason.ClientReset, (await link.ResultAsync()).Reason);
    }

    [Fact(Timeout = 60_000)]
    public async Task AReaderThatResetsEndsASenderWhoseBytesWait()
    {
        await using Link link = await OpenAsync(Limit(Next, 2_000));
        await link.Client.SendAllAsync(Random(12_000, 7));
        await link.Server.ReceiveExactlyAsync(2_000);
        link.Server.Reset();
        Assert.Equal(Ending.Rst, (await link.Client.ReceiveToEndAsync()).Ending);
        SpliceResult result = await link.ResultAsync();
        Assert.Equal(EndReason.UpstreamReset, result.Reason);
        Assert.InRange(result.BytesFromClient, 2_000, 2_100); // some of its bytes' time may have come under load
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BytesThatWaitAreNotIdle(bool isJudged)
    {
        var limits = new SpliceLimits(TimeSpan.FromMilliseconds(600), TimeSpan.FromMilliseconds(600), TimeSpan.FromHours(1));
        await using Link link = await OpenAsync(Limit(Next, 1_000), isJudged, limits: limits);
        // Each byte behind the burst waits longer than the idle limit.
        await link.Client.SendAllAsync(new byte[1_003]);
        Assert.Equal(Ending.Rst, (await link.Server.ReceiveToEndAsync()).Ending);
        SpliceResult result = await link.ResultAsync();
        Assert.Equal((EndReason.IdleTimeout, 1_003), (result.Reason, result.BytesFromClient));
    }

    [Fact(Timeout = 60_000)]
    public async Task ADryRunLetsEverythingThroughAndCountsWhatIsBeyond()
    {
        const int Rate = 1_000, Burst = 10_000, Count = 3_000_000;
        Bandwidth limit = Limit(Rate, Burst) with { IsDryRun = true };
        long start = Environment.TickCount64;
        await using Link link = await OpenAsync(limit);
        Task sending = link.Client.SendAllAsync(Random(Count, 8));
        await link.Server.ReceiveExactlyAsync(Count);
        await sending;
        long brought = Burst + (Rate * (Environment.TickCount64 - start) / 1000);
        long beyond = limit.Meter.Bytes(Direction.FromClient, isDryRun: true);
        Assert.InRange(beyond, Count - brought, Count - Burst);
        Assert.Equal(beyond / (double)Rate, limit.Meter.Time(Direction.FromClient, isDryRun: true).TotalSeconds, 2);
        Assert.Equal(0, limit.Meter.Bytes(Direction.FromClient, isDryRun: false));
        Assert.Equal(0, link.Proxy.Meter.Read(Direction.FromClient, DataPath.Splice));
    }

    [Fact(Timeout = 120_000)]
    public async Task ManyThatWaitHoldNoMemoryAndLeaveNoTimer()
    {
        const int Count = 2_000;
        Bandwidth limit = Limit(Next, 100);
        ReactorTransport transport = Create(64 << 20);
        using (var server = new Server())
        {
            await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(server.EndPoint, transport: () => transport, bandwidth: limit);
            var open = new List<Socket>();
            for (int i = 0; i < Count; i++)
            {
                Socket client = await Sockets.DialAsync(proxy.EndPoint);
                Socket accepted = await server.AcceptAsync();
                open.AddRange([client, accepted]);
                await client.SendAllAsync(new byte[400]);
                await accepted.ReceiveExactlyAsync(100);
            }

            Assert.Equal(0, proxy.HeldBytes);
            foreach (Socket socket in open)
                socket.Reset();
            await Deadline.UntilAsync(() => proxy.Open == 0, () => $"{proxy.Open} connections to end");
            Assert.Equal(0, await transport.Reactors[0].InvokeAsync(() => Task.FromResult(transport.Reactors[0].Timers.Count)));
        }

        Assert.True(limit.Meter.Time(Direction.FromClient, isDryRun: false) > TimeSpan.Zero);
    }

    private static Bandwidth Limit(long rate, long burst) => new(new ByteRate(rate, burst), new ByteRate(rate, burst), IsDryRun: false, new BandwidthMeter());

    private static async Task<Link> OpenAsync(
        Bandwidth bandwidth, bool isJudged = false, int bufferMemory = 64 << 20, SpliceLimits? limits = null)
    {
        var passes = new StreamProgram(new PassAll(), null, 1);
        SpliceMaps maps = isJudged ? new SpliceMaps(16, passes, passes) : TransportUnderTest.CreateMaps();
        return await Link.OpenAsync(limits, transport: () => Create(bufferMemory), maps: maps, bandwidth: bandwidth);
    }

    private static ReactorTransport Create(int bufferMemory) => new(new ReactorTransportOptions { Reactors = 1, BufferMemory = bufferMemory });

    // Pieces of any size out of one hand into the other, and at every moment no more than the bucket could have given.
    private static async Task ExchangeAsync(Socket from, Socket to, int seed, int burst, int rate, long start)
    {
        byte[] bytes = Random(400_000, seed);
        Task sending = SendInPiecesAsync(from, bytes, seed);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[16 * 1024];
        long have = 0;
        while (await to.ReceiveAsync(buffer, Deadline.Token) is > 0 and var got)
        {
            hash.AppendData(buffer, 0, got);
            have += got;
            Assert.True(have <= burst + (rate * (Environment.TickCount64 - start) / 1000), $"{have} bytes came too early");
        }

        await sending;
        Assert.Equal(SHA256.HashData(bytes), hash.GetHashAndReset());
    }

    private static async Task SendInPiecesAsync(Socket socket, byte[] bytes, int seed)
    {
        var sizes = new Random(seed);
        for (int at = 0; at < bytes.Length;)
        {
            int size = Math.Min(sizes.Next(1, 20_000), bytes.Length - at);
            await socket.SendAllAsync(bytes.AsMemory(at, size));
            at += size;
        }

        socket.SendFin();
    }

    private static byte[] Random(int count, int seed)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private sealed class PassAll : IVerdictProgram
    {
        public Verdict Run(Message message) => Verdict.Pass;
    }
}
