using System.Net.Sockets;
using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Linux;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Splicing.Bypass;
using Sluice.Redirect.Splicing.Bypass.Preflight;
using Sluice.Redirect.Splicing.Kernel;

namespace Sluice.Functional;

/// <summary>What an application sees of its own socket while its bytes go past the proxy: the table of docs/semantics.md.</summary>
public sealed class ViewTests
{
    private const int SolSocket = 1;

    private static readonly byte[] _message = "some bytes"u8.ToArray();

    [Fact(Timeout = 60_000)]
    public async Task APeekTakesNothing()
    {
        await using BypassLink link = await BypassLink.OpenAsync();
        await link.Client.SendAllAsync(_message);
        byte[] seen = new byte[_message.Length];
        Assert.Equal(seen.Length, await link.Server.ReceiveAsync(seen, SocketFlags.Peek));
        Assert.Equal(_message, seen);
        Assert.Equal(_message, await link.Server.ReceiveExactlyAsync(_message.Length));
    }

    /// <summary>As the preflight found: right, or 0 on kernels with the regression.</summary>
    [Fact(Timeout = 60_000)]
    public async Task FionreadSaysWhatTheDoctorSays()
    {
        BypassReport report = BypassPreflight.Run(new BypassOptions(), cancellationToken: Deadline.Token);
        await using BypassLink link = await BypassLink.OpenAsync();
        await link.Client.SendAllAsync(_message);
        Assert.True(link.Server.Poll(10_000_000, SelectMode.SelectRead));
        Assert.Equal(report.IsIntact ? _message.Length : 0, link.Server.Available);
        Assert.Equal(_message, await link.Server.ReceiveExactlyAsync(_message.Length));
    }

    [Fact(Timeout = 60_000)]
    public async Task Splice2FindsTheBytes()
    {
        await using BypassLink link = await BypassLink.OpenAsync();
        await link.Client.SendAllAsync(_message);
        Assert.True(link.Server.Poll(10_000_000, SelectMode.SelectRead));
        using KernelPipe pipe = KernelPipe.TryCreate(64 * 1024)!;
        Assert.Equal(_message.Length, pipe.Fill((int)link.Server.Handle, pipe.Capacity));
    }

    [Fact(Timeout = 60_000)]
    public async Task ASentFileArrives()
    {
        byte[] content = new byte[2_000_000];
        Random.Shared.NextBytes(content);
        string file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, content, Deadline.Token);
        try
        {
            await using BypassLink link = await BypassLink.OpenAsync();
            Task sending = link.Client.SendFileAsync(file, Deadline.Token).AsTask();
            Assert.Equal(content, await link.Server.ReceiveExactlyAsync(content.Length));
            await sending;
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task UnreadBytesMakeACloseAReset()
    {
        await using BypassLink link = await BypassLink.OpenAsync();
        await link.Client.SendAllAsync(_message);
        Assert.True(link.Server.Poll(10_000_000, SelectMode.SelectRead));
        link.Server.Dispose();
        await link.Client.AssertEndsAsync(default, Ending.Rst);
        Assert.Equal(EndReason.UpstreamReset, (await link.ResultAsync()).Reason);
    }

    [Fact(Timeout = 60_000)]
    public async Task ASendBehindOnesOwnFinFails()
    {
        await using BypassLink link = await BypassLink.OpenAsync();
        link.Client.SendFin();
        var failure = await Assert.ThrowsAsync<SocketException>(async () => await link.Client.SendAsync(_message, Deadline.Token));
        Assert.Equal(SocketError.Shutdown, failure.SocketErrorCode);
        await link.Server.AssertEndsAsync(default, Ending.Fin);
    }

    [Fact(Timeout = 60_000)]
    public async Task ASendToAnEndThatIsGoneFails()
    {
        await using BypassLink link = await BypassLink.OpenAsync();
        link.Server.Dispose(); // FIN, and then RST for whatever comes
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            while (true)
                await link.Client.SendAllAsync(_message);
        });
        Assert.NotEqual(EndReason.Completed, (await link.ResultAsync()).Reason);
    }

    /// <summary>The sender waits for an edge of EPOLLOUT, as the runtime's sockets do.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(1, 0)]
    [InlineData(1000, 16 * 1024)]
    [InlineData(64 * 1024, 0)]
    [InlineData(1024 * 1024, 64 * 1024)]
    public async Task ASenderIsStoppedByASlowReaderAndWokenAgain(int piece, int buffer)
    {
        const long MostBytes = 48L * 1024 * 1024;
        await using BypassLink link = await BypassLink.OpenAsync(sendBuffer: buffer, receiveBuffer: buffer);
        long sent = await link.Client.FillAsync(piece, pauses: 3);
        Assert.InRange(sent, 1, MostBytes);
        byte[] more = new byte[Math.Clamp(50_000 * piece / 16, 200_000, 8_000_000)];
        Random.Shared.NextBytes(more);
        Task sending = Task.Run(async () =>
        {
            for (ReadOnlyMemory<byte> left = more; !left.IsEmpty; left = left[Math.Min(Math.Max(piece, 256), left.Length)..])
                await link.Client.SendAllAsync(left[..Math.Min(Math.Max(piece, 256), left.Length)]);
        });
        byte[] first = await link.Server.ReceiveExactlyAsync((int)sent).OrHung("what was sent first");
        Assert.Equal(-1, first.AsSpan().IndexOfAnyExcept((byte)0));
        Assert.Equal(more, await link.Server.ReceiveExactlyAsync(more.Length).OrHung("what was sent behind it"));
        await sending;
    }

    /// <summary>A message that one call sends stays whole beside those of other threads, as ordinary sockets keep it.</summary>
    [Fact(Timeout = 60_000)]
    public async Task MessagesOfSeveralThreadsDoNotMix()
    {
        const int Threads = 4, Size = 3000, Each = 500;
        await using BypassLink link = await BypassLink.OpenAsync();
        Task[] senders = [.. Enumerable.Range(1, Threads).Select(number => Task.Run(() =>
        {
            byte[] message = new byte[Size];
            message.AsSpan().Fill((byte)number);
            for (int sent = 0; sent < Each;)
            {
                int count = link.Client.Send(message, SocketFlags.None, out SocketError error);
                Assert.True(error is SocketError.WouldBlock || count == Size, $"{error}: {count}");
                sent += error == SocketError.Success ? 1 : 0;
            }
        }))];
        byte[] all = await link.Server.ReceiveExactlyAsync(Threads * Size * Each).OrHung("all messages");
        await Task.WhenAll(senders);
        for (int at = 0; at < all.Length; at += Size)
            Assert.Equal(-1, all.AsSpan(at, Size).IndexOfAnyExcept(all[at]));
    }

    [Fact(Timeout = 60_000)]
    public async Task UrgentBytesStayUrgent()
    {
        await using BypassLink link = await BypassLink.OpenAsync();
        await link.Client.SendAllAsync(_message);
        Assert.Equal(_message, await link.Server.ReceiveExactlyAsync(_message.Length));
        Assert.Equal(1, link.Client.Send("!"u8.ToArray(), SocketFlags.OutOfBand));
        byte[] urgent = new byte[1];
        await Deadline.UntilAsync(() => link.Server.Receive(urgent, 0, 1, SocketFlags.OutOfBand, out SocketError error) == 1 && error == SocketError.Success, () => "the urgent byte");
        Assert.Equal("!"u8.ToArray(), urgent);
    }

    /// <summary>Once it has been seen to block, its socket is none of the map's any more.</summary>
    [Fact(Timeout = 60_000)]
    public async Task ASocketThatBecomesBlockingIsLetGo()
    {
        const int SetFlags = 4; // F_SETFL
        await using BypassLink link = await BypassLink.OpenAsync();
        Assert.Equal(0, Libc.fcntl((int)link.Client.Handle, SetFlags, 0));
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(_message.Length, link.Client.Send(_message));
            Assert.Equal(_message, await link.Server.ReceiveExactlyAsync(_message.Length));
        }

        await Deadline.UntilAsync(() => link.Pair.PathFromClient == DataPath.Copy, () => "its direction to be demoted");
        Assert.Equal(DataPath.Bypass, link.Pair.PathFromUpstream);
        Assert.Equal(1, link.Engine.Counters.Refused(OffloadRefused.Blocking));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(60, 1)] // SO_ZEROCOPY
    [InlineData(37, 2)] // SO_TIMESTAMPING of what is sent
    public async Task WhoWantsToHearOfSentBytesSendsThroughTheProxy(int option, int value)
    {
        await using BypassLink link = await BypassLink.OpenAsync();
        await link.ExchangeAsync(() => false, most: 10);
        link.Client.SetRawSocketOption(SolSocket, option, BitConverter.GetBytes(value));
        long before = link.Meter.Read(Direction.FromClient, DataPath.Copy);
        for (int i = 0; i < 10; i++)
        {
            await link.Client.SendAllAsync(_message);
            Assert.Equal(_message, await link.Server.ReceiveExactlyAsync(_message.Length));
        }

        await Deadline.UntilAsync(
            () => link.Meter.Read(Direction.FromClient, DataPath.Copy) == before + (10 * _message.Length), () => "all of it to be copied");
    }
}
