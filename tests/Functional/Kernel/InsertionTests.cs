using System.Net.Sockets;
using Sluice.Functional.Wire;
using Sluice.Redirect.Splicing.Kernel;

namespace Sluice.Functional;

/// <summary>Sockets that come into the maps while bytes wait in them, of which some have been received: the rest comes, once.</summary>
public sealed class InsertionTests
{
    [Theory(Timeout = 60_000)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(60_000)]
    [InlineData(100_000)]
    [InlineData(250_000)]
    public async Task APartlyReceivedStreamIsRedirectedFromThereOn(int received)
    {
        using BareSplice splice = await BareSplice.CreateAsync();
        byte[] rest = await ReceivePartAsync(splice, received);
        splice.Insert();
        splice.Record.Window = 16 << 20;
        splice.Record.Rebase = 1;
        splice.Record.State = SpliceRecord.InKernel;
        splice.First.Blocking = false;
        _ = splice.First.Receive(new byte[1], 0, 1, SocketFlags.Peek, out _); // runs the program for what waits
        Assert.Equal(rest, await splice.Out.ReceiveExactlyAsync(rest.Length).OrHung("what had not been received"));
        AssertWhole(splice);
        Assert.Equal((ulong)rest.Length, splice.Record.Redirected);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(60_000)]
    [InlineData(100_000)]
    [InlineData(250_000)]
    public async Task APartlyReceivedStreamIsPassedFromThereOn(int received)
    {
        using BareSplice splice = await BareSplice.CreateAsync();
        byte[] rest = await ReceivePartAsync(splice, received);
        splice.Insert();
        Assert.Equal(rest, await splice.First.ReceiveExactlyAsync(rest.Length).OrHung("what had not been received"));
        AssertWhole(splice);
        Assert.Equal(2 * (ulong)rest.Length, splice.Record.State);
    }

    private static void AssertWhole(BareSplice splice)
    {
        Assert.Equal(0u, splice.Record.Gaps);
        Assert.InRange(splice.Record.Overlaps, 0u, 1u);
    }

    private static async Task<byte[]> ReceivePartAsync(BareSplice splice, int count)
    {
        byte[] stream = new byte[600_000];
        new Random(count).NextBytes(stream);
        await splice.In.SendAllAsync(stream);
        await Deadline.UntilAsync(() => splice.First.Available == stream.Length, () => $"all bytes to wait; {splice.First.Available} do");
        if (count > 0)
            Assert.Equal(stream[..count], await splice.First.ReceiveExactlyAsync(count));
        return stream[count..];
    }
}
