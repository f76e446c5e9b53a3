using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Splicing.Kernel;

namespace Sluice.Functional;

/// <summary>What the kernel refuses, breaks or tells nobody of: no direction may stand still for ever because of it.</summary>
public sealed class StandstillTests
{
    private const ulong Some = 1000;
    private static readonly byte[] _message = "some bytes"u8.ToArray();

    /// <summary>
    /// Under want of memory send(2) on a socket of a sockmap fails with EFAULT. Memory that cannot be read is the way to be told so at
    /// any time.
    /// </summary>
    [Fact(Timeout = 60_000)]
    public async Task ASendThatIsRefusedForWantOfMemoryIsTriedAgain()
    {
        await using KernelLink link = await KernelLink.OpenAsync();
        var sender = new Again(((ReactorConnection)link.Pair.Upstream).Socket);
        await link.OnReactorAsync(sender.Send);
        Assert.Equal(_message, await link.Server.ReceiveExactlyAsync(_message.Length).OrHung("what was refused before"));
        await link.OnReactorAsync(() => Assert.True(sender is { Refusals: Again.Times, Taken: true }, $"{sender.Refusals} refusals, taken: {sender.Taken}"));
        Assert.Equal(1, link.Engine.Counters.Refused(OffloadRefused.TcpMemory));
        await link.Server.SendAllAsync(_message);
        Assert.Equal(_message, await link.Client.ReceiveExactlyAsync(_message.Length).OrHung("the other direction"));
    }

    /// <summary>
    /// The worker breaks off for good at an error, and all that would come then is dropped, though TCP goes on. Who would receive the
    /// error waits for a reader that reads nothing.
    /// </summary>
    [Fact(Timeout = 60_000)]
    public async Task AConnectionWhoseWorkerHasBrokenOffIsReset()
    {
        await using KernelLink link = await KernelLink.OpenAsync(receiveBuffer: 16 * 1024);
        await link.Server.FillAsync(64 * 1024);
        await BreakSendingAsync(link);
        await link.Client.SendAllAsync(_message);
        SpliceResult result = await link.ResultAsync();
        Assert.Equal((EndReason.InternalError, Errno.EIO), (result.Reason, result.Errno));
        Assert.Equal(1, link.Engine.Counters.Refused(OffloadRefused.Worker));
    }

    /// <summary>An end that never comes is not waited for: the socket was told an error that is not its connection's.</summary>
    [Fact(Timeout = 60_000)]
    public async Task AConnectionThatCannotBeSentToIsResetThoughItGoesOn()
    {
        await using KernelLink link = await KernelLink.OpenAsync();
        await InUserSpaceAsync(link);
        await BreakSendingAsync(link);
        await link.Client.SendAllAsync(_message);
        await link.Client.AssertEndsAsync(default, Ending.Rst).OrHung("the client to hear of it");
        SpliceResult result = await link.ResultAsync();
        Assert.Equal((EndReason.UpstreamReset, Errno.EPIPE), (result.Reason, result.Errno));
    }

    [Fact(Timeout = 60_000)]
    public async Task AnEdgeThatIsLostIsMadeUpFor()
    {
        await using KernelLink link = await KernelLink.OpenAsync();
        await InUserSpaceAsync(link);
        await link.OnReactorAsync(() => ((ReactorConnection)link.Pair.Client).Socket.WatchArrivals(false));
        await link.Client.SendAllAsync(_message);
        Assert.Equal(_message, await link.Server.ReceiveExactlyAsync(_message.Length).OrHung("the bytes that nobody was told of"));
        await Deadline.UntilAsync(() => link.Engine.Counters.Refused(OffloadRefused.Standstill) == 1, () => "it to be counted");
    }

    /// <summary>Each of two sockets that were reset waits for what its worker cannot send any more, and neither looks at the other.</summary>
    [Fact(Timeout = 60_000)]
    public async Task NobodyWaitsForTheWorkerOfAConnectionThatWasReset()
    {
        await using KernelLink link = await KernelLink.OpenAsync();
        await link.OnReactorAsync(() =>
        {
            link.Offload.Demote(link.Offload.Splice);
            // As if the kernel had taken bytes that it does not send on.
            link.Maps.Table[0].Redirected += Some;
            link.Maps.Table[1].Redirected += Some;
        });
        await link.Client.SendAllAsync(_message);
        await link.Server.SendAllAsync(_message);
        await Deadline.UntilAsync(
            () => (link.Pair.PathFromClient, link.Pair.PathFromUpstream) == (DataPath.Copy, DataPath.Copy), () => "both to come back");
        await link.OnReactorAsync(() =>
        {
            Assert.True(((ReactorConnection)link.Pair.Client).Socket.SendBlocked);
            Assert.True(((ReactorConnection)link.Pair.Upstream).Socket.SendBlocked);
        });
        link.Server.Reset();
        link.Client.Reset();
        Assert.NotEqual(EndReason.Completed, (await link.ResultAsync().OrHung("the end")).Reason);
    }

    /// <summary>What a side had sent before its RST may lie where the worker has broken off. It is waited for, and not for ever.</summary>
    [Fact(Timeout = 60_000)]
    public async Task WhatAResetLeavesBehindTheWorkerIsNotWaitedForForEver()
    {
        await using KernelLink link = await KernelLink.OpenAsync();
        await InUserSpaceAsync(link);
        await link.OnReactorAsync(() =>
        {
            link.Maps.Table[0].State += 2 * Some; // passed, and never to be received
            link.Client.Reset();
            StreamSocket socket = ((ReactorConnection)link.Pair.Client).Socket;
            Assert.True(SpinWait.SpinUntil(() => StreamSocket.IsGone(socket.ReadTcpInfo()), 10_000));
            Assert.Equal(Errno.ECONNRESET, socket.TakeSocketError()); // as the worker does
        });
        await link.Server.AssertEndsAsync(default, Ending.Rst).OrHung("the server to hear of it");
        SpliceResult result = await link.ResultAsync();
        Assert.Equal((EndReason.ClientReset, Errno.ECONNRESET), (result.Reason, result.Errno));
    }

    // Behind the proxy's back, so that the next send to the upstream fails with EPIPE.
    private static Task BreakSendingAsync(KernelLink link) =>
        link.OnReactorAsync(() => ((ReactorConnection)link.Pair.Upstream).Socket.EnterSockMap(null!, fd =>
        {
            using var socket = new Socket(new SafeSocketHandle(fd, ownsHandle: false));
            socket.Shutdown(SocketShutdown.Send);
            return Errno.EINVAL; // and so the guard stays
        }));

    // Where the direction from the client stays.
    private static async Task InUserSpaceAsync(KernelLink link)
    {
        await link.OnReactorAsync(() => link.Offload.Demote(link.Offload.Splice));
        await link.Client.SendAllAsync(_message);
        Assert.Equal(_message, await link.Server.ReceiveExactlyAsync(_message.Length));
        Assert.Equal(DataPath.Copy, link.Pair.PathFromClient);
    }

    // Sends from an address that nothing is at, and in the end the message.
    private sealed class Again : ISendHandler
    {
        public const int Times = 20; // beyond the waits that are counted in turns
        private readonly StreamSocket _socket;
        private readonly ISendHandler _before;

        public Again(StreamSocket socket) => (_socket, _before) = (socket, socket.Sender!);

        public int Refusals { get; private set; }

        public bool Taken { get; private set; }

        public void Send()
        {
            _socket.Sender = this;
            OnSendReady();
        }

        public void OnSendReady()
        {
            bool isLast = Refusals == Times;
            nint sent = _socket.Send(isLast ? _message : MemoryMarshal.CreateReadOnlySpan(ref Unsafe.NullRef<byte>(), _message.Length));
            Taken = sent == _message.Length;
            if (!isLast && sent == 0 && _socket.SendBlocked)
                Refusals++;
            else
                _socket.Sender = _before;
        }
    }
}
