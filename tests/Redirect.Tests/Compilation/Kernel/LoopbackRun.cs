using System.Net.Sockets;
using System.Runtime.InteropServices;
using Sluice.Redirect.Compilation.Kernel;
using Sluice.Redirect.Linux;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Maps.Kernel;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Compilation.Kernel;

/// <summary>
/// A plan on real connections: what the client sends is judged where its own socket sends it (sk_msg) or the accepted one
/// receives it (sk_skb), and what passes leaves by a socket that is connected to the server. All calls block; none of these
/// sockets is ever watched by the runtime.
/// </summary>
internal sealed class LoopbackRun : IDisposable
{
    private readonly PlanMaps _maps;
    private readonly MappedArray<LoopbackState> _state;
    private readonly LoopbackSockets _sockets;
    private ulong _sent;

    public LoopbackRun(BpfPlan plan, BpfProgramKind kind, LoopbackSockets sockets)
    {
        _sockets = sockets;
        _maps = new PlanMaps(plan);
        BpfMap state = _maps.Add(LoopbackProgram.State, BpfMapType.Array, 4, (uint)Marshal.SizeOf<LoopbackState>(), 1, BpfMapFlags.Mappable);
        BpfMap outlets = _maps.Add(LoopbackProgram.Outlets, BpfMapType.SockMap, 4, 8, 2, 0);
        Assert.Equal(Errno.None, MappedArray<LoopbackState>.Map(state, out MappedArray<LoopbackState>? mapped));
        _state = mapped!;

        AttachType slot = kind == BpfProgramKind.SkSkb ? AttachType.SkSkbStreamVerdict : AttachType.SkMsgVerdict;
        Assert.Equal(Errno.None, KernelProgram.Load(LoopbackProgram.Of(plan, kind), slot, "test", _maps.All, out KernelProgram? program));
        using (program)
        {
            BpfMap judged = _maps.Add(new("judged"), BpfMapType.SockMap, 4, 8, 1, 0);
            Assert.Equal(Errno.None, judged.Attach(program!.Program, (uint)slot));
            Assert.Equal(Errno.None, outlets.Update(0, (ulong)_sockets.Outlet.Handle));
            if (kind == BpfProgramKind.SkMsg)
                Assert.Equal(Errno.None, outlets.Update(1, (ulong)sockets.Client.Handle));
            Assert.Equal(Errno.None, judged.Update(0, (ulong)(kind == BpfProgramKind.SkSkb ? sockets.Accepted : sockets.Client).Handle));
        }
    }

    private ref LoopbackState State => ref _state[0];

    /// <summary>Sends a chunk and waits until the program has judged it.</summary>
    public void Send(byte[] chunk)
    {
        Assert.Equal(chunk.Length, _sockets.Client.Send(chunk));
        _sent += (ulong)chunk.Length;
        while (Volatile.Read(ref State.StreamOffset) + Volatile.Read(ref State.HandedOver) < _sent)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            Thread.Yield();
        }

        Assert.Equal((_sent, 0UL), (State.StreamOffset + State.HandedOver, State.Failed));
    }

    /// <summary>The messages that the program saw, as long as it judged; the rest of the stream as one.</summary>
    public byte[][] MessagesOf(byte[] stream)
    {
        List<byte[]> messages = [];
        int at = 0;
        for (int run = 0; run < (int)State.Runs; run++)
        {
            int length = (int)State.Log[run];
            messages.Add(stream[at..(at + length)]);
            at += length;
        }

        return at < stream.Length ? [.. messages, stream[at..]] : [.. messages];
    }

    public StandingVerdict Place => WindowCode.Read(State.Window, (long)State.StreamOffset);

    /// <summary>How many bytes were judged.</summary>
    public int Judged => (int)State.StreamOffset;

    public bool HasHandedOver => State.HandedOver > 0;

    public ulong[] Counts() => _maps.Counts();

    /// <summary>What reached the server: so many bytes, and behind them the end.</summary>
    public byte[] Passed(int count)
    {
        byte[] bytes = Receive(_sockets.Server, count);
        _sockets.Outlet.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, _sockets.Server.Receive(new byte[1]));
        return bytes;
    }

    /// <summary>What was handed over.</summary>
    public byte[] HandedOver() => Receive(_sockets.Accepted, (int)State.HandedOver);

    public void Dispose()
    {
        _state.Dispose();
        _maps.Dispose();
        _sockets.Dispose();
    }

    private static byte[] Receive(Socket socket, int count)
    {
        byte[] bytes = new byte[count];
        int at = 0;
        while (at < count)
        {
            int received = socket.Receive(bytes.AsSpan(at));
            Assert.True(received > 0);
            at += received;
        }

        return bytes;
    }
}
