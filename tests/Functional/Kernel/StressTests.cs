using System.Collections.Concurrent;
using System.Net;
using Sluice.Functional.Stress;
using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing.Kernel;
using Sluice.Redirect.Transports;

namespace Sluice.Functional;

/// <summary>
/// Thousands of random conversations at a time, over the copy loop and over the kernel with settings that drive directions
/// in and out of it. Each byte, each count and each end is checked, and nothing may be left afterwards.
/// </summary>
public sealed class StressTests
{
    private const int KiB = 1024;

    [Fact(Timeout = 300_000)]
    public Task TheCopyLoop() =>
        StressRun.PlayAsync([.. StressRun.Draw(500)], Sockets.AnyV4, Sockets.AnyV4, () => new ReactorTransport(new ReactorTransportOptions { Reactors = 2 }));

    [Fact(Timeout = 300_000)]
    public Task AsSoonAsPossible() => PlayAsync(1500, new OffloadOptions { ReadsBefore = 1 });

    [Fact(Timeout = 300_000)]
    public Task InMidstream() => PlayAsync(1000, new OffloadOptions { ReadsBefore = 3 });

    [Fact(Timeout = 300_000)]
    public Task Late() => PlayAsync(500, new OffloadOptions { ReadsBefore = 16 });

    [Fact(Timeout = 300_000)]
    public Task InAndOutThroughASmallWindow() => PlayAsync(1000, new OffloadOptions { ReadsBefore = 1, Window = 64 * KiB });

    [Fact(Timeout = 300_000)]
    public Task WithMemoryForThreeDirections() => PlayAsync(500, new OffloadOptions { ReadsBefore = 1, Memory = 3 * 512 * KiB });

    [Fact(Timeout = 300_000)]
    public Task OverIPv6() => PlayAsync(500, new OffloadOptions { ReadsBefore = 2 }, near: Sockets.AnyV6, far: Sockets.AnyV6);

    [Fact(Timeout = 300_000)]
    public Task FromIPv6ToIPv4() => PlayAsync(250, new OffloadOptions { ReadsBefore = 2 }, near: Sockets.AnyV6);

    [Fact(Timeout = 300_000)]
    public Task WithoutMemoryForSlowReaders() => PlayAsync(500, new OffloadOptions { ReadsBefore = 1, Window = 128 * KiB }, bufferMemory: 0);

    /// <summary>Short ones come and go, and take records and descriptors, while long ones stream.</summary>
    [Fact(Timeout = 300_000)]
    public Task ManyShortOnesBesideLongStreams()
    {
        const int Bytes = 100_000_000;
        Case stream = Case.Stream(Bytes);
        return PlayAsync([stream, stream, stream, .. StressRun.Draw(750)], new OffloadOptions { ReadsBefore = 1 });
    }

    private static Task PlayAsync(int connections, OffloadOptions options, EndPoint? near = null, EndPoint? far = null, long bufferMemory = 64 << 20) =>
        PlayAsync([.. StressRun.Draw(connections)], options, near, far, bufferMemory);

    private static async Task PlayAsync(
        Case[] cases, OffloadOptions options, EndPoint? near = null, EndPoint? far = null, long bufferMemory = 64 << 20)
    {
        KernelEngine? engine = null;
        KernelSplicer? splicer = null;
        var defects = new ConcurrentQueue<Exception>();
        await StressRun.PlayAsync(cases, near ?? Sockets.AnyV4, far ?? Sockets.AnyV4, () =>
        {
            ReactorTransport transport = KernelUnderTest.CreateTransport(
                options, out engine, new ReactorTransportOptions { Reactors = 2, BufferMemory = bufferMemory, UnhandledException = defects.Enqueue });
            splicer = (KernelSplicer)transport.Splicer;
            return transport;
        }, () => AssertNothingLeft(splicer!));
        Assert.Empty(defects);
        OffloadCounters counters = engine!.Counters;
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{counters.Pairs} pairs, {counters.Promotions} promotions, {counters.Demotions} demotions, {counters.Overlaps} overlaps, refused: "
            + string.Join(", ", Enum.GetValues<OffloadRefused>().Select(reason => $"{reason} {counters.Refused(reason)}")));
        Assert.Equal(0, counters.Refused(OffloadRefused.Gap));
        Assert.False(engine.Budget.IsShort((int)options.Memory), "some of the memory budget was not given back");
        // The later the offer, the more connections are over before it.
        int share = options.ReadsBefore > 3 ? 25 : 4;
        Assert.True(counters.Pairs > cases.Length / share && counters.Promotions > 0, "the kernel was hardly ever used");
    }

    private static void AssertNothingLeft(KernelSplicer splicer)
    {
        foreach (ReactorOffload? offload in splicer.Offloads)
        {
            Assert.Equal(0, offload?.Table.Count ?? 0);
            Assert.Equal(Errno.ENOENT, offload?.Table.Slots.FirstKey<ulong>(out _) ?? Errno.ENOENT);
        }
    }
}
