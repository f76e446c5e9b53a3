using System.Collections.Concurrent;
using System.Net;
using Sluice.Functional.Stress;
using Sluice.Functional.Wire;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing.Bypass;
using Sluice.Redirect.Splicing.Kernel;
using Sluice.Redirect.Transports;

namespace Sluice.Functional;

/// <summary>
/// Thousands of random conversations at a time whose bytes go past the proxy, through it, or both in turns. Each byte, each count and each
/// end is checked, and nothing may be left afterwards.
/// </summary>
public sealed class StressTests
{
    [Fact(Timeout = 300_000)]
    public Task AsSoonAsPossible() => PlayAsync(2000, new BypassOptions { ReadsBefore = 1 });

    [Fact(Timeout = 300_000)]
    public Task InMidstream() => PlayAsync(1000, new BypassOptions { ReadsBefore = 3 });

    [Fact(Timeout = 300_000)]
    public Task Late() => PlayAsync(500, new BypassOptions { ReadsBefore = 16 });

    [Fact(Timeout = 300_000)]
    public Task OverIPv6() => PlayAsync(500, new BypassOptions { ReadsBefore = 2 }, near: Sockets.AnyV6, far: Sockets.AnyV6);

    [Fact(Timeout = 300_000)]
    public Task FromIPv6ToIPv4() => PlayAsync(250, new BypassOptions { ReadsBefore = 2 }, near: Sockets.AnyV6);

    [Fact(Timeout = 300_000)]
    public Task WithoutMemoryForSlowReaders() => PlayAsync(500, new BypassOptions { ReadsBefore = 1 }, bufferMemory: 0);

    [Fact(Timeout = 300_000)]
    public Task WithRoomForFewConnections() => PlayAsync(250, new BypassOptions { ReadsBefore = 1, PairsPerReactor = 4 });

    /// <summary>Short ones come and go, and take records and descriptors, while long ones stream.</summary>
    [Fact(Timeout = 300_000)]
    public Task ManyShortOnesBesideLongStreams()
    {
        const int Bytes = 100_000_000;
        Case stream = Case.Stream(Bytes);
        return PlayAsync([stream, stream, stream, .. StressRun.Draw(750)], new BypassOptions { ReadsBefore = 1 });
    }

    internal static Task PlayAsync(int connections, BypassOptions options, EndPoint? near = null, EndPoint? far = null, long bufferMemory = 64 << 20) =>
        PlayAsync([.. StressRun.Draw(connections)], options, near, far, bufferMemory);

    private static async Task PlayAsync(
        Case[] cases, BypassOptions options, EndPoint? near = null, EndPoint? far = null, long bufferMemory = 64 << 20)
    {
        BypassEngine? engine = null;
        ReactorTransport? transport = null;
        var defects = new ConcurrentQueue<Exception>();
        await StressRun.PlayAsync(cases, near ?? Sockets.AnyV4, far ?? Sockets.AnyV4, () => transport = BypassUnderTest.CreateTransport(
            options, out engine, new ReactorTransportOptions { Reactors = 2, BufferMemory = bufferMemory, UnhandledException = defects.Enqueue }),
            () => AssertNothingLeft(transport!));
        Assert.Empty(defects);
        OffloadCounters counters = engine!.Counters;
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{counters.Pairs} pairs, {counters.Promotions} promotions, refused: "
            + string.Join(", ", Enum.GetValues<OffloadRefused>().Where(reason => counters.Refused(reason) > 0).Select(reason => $"{reason} {counters.Refused(reason)}"))
            + $"; {engine.Messages.Redirected} messages redirected, passed: "
            + string.Join(", ", Enum.GetValues<BypassPass>().Select(reason => $"{reason} {engine.Messages.Passed(reason)}")));
        Assert.Equal(0, counters.Carried);
        // The later the offer, the more connections are over before it.
        int share = options.ReadsBefore > 3 || options.PairsPerReactor < 16 ? 25 : 4;
        Assert.True(counters.Pairs > cases.Length / share && engine.Messages.Redirected > cases.Length, "hardly anything went past the proxy");
    }

    private static void AssertNothingLeft(ReactorTransport transport)
    {
        foreach (ReactorBypass? bypass in transport.Bypasses.Bypasses)
        {
            Assert.Equal(0, bypass?.Table.Count ?? 0);
            Assert.True(bypass?.Maps.IsEmpty() ?? true);
        }
    }
}
