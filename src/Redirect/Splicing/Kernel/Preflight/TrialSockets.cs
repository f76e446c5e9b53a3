using System.Net.Sockets;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Splicing.Kernel.Preflight;

/// <summary>Two sockets in the kernel's map as a pair has them, with nobody who splices: what the kernel alone does shows.</summary>
internal sealed class TrialSockets : IDisposable
{
    private readonly TrialGround _ground;
    private readonly Socket _client;
    private readonly Socket _upstream;
    private readonly StreamEnd _serverEnd;
    private readonly ulong _clientCookie;
    private readonly ulong _upstreamCookie;
    private readonly int _index;

    internal TrialSockets(TrialGround ground, Loopback loopback)
    {
        _ground = ground;
        (_client, ClientEnd) = loopback.ConnectBlocking();
        (_upstream, _serverEnd) = loopback.ConnectBlocking();
        Client = new StreamEnd(_client);
        _ = Syscall.GetCookie(DescriptorOf(_client), out _clientCookie);
        _ = Syscall.GetCookie(DescriptorOf(_upstream), out _upstreamCookie);
        _index = ground.Reactor.Run(() => ground.Offload.Table.Rent(null));
    }

    /// <summary>The client's application.</summary>
    internal StreamEnd ClientEnd { get; }

    /// <summary>The proxy's socket of the client.</summary>
    internal StreamEnd Client { get; }

    /// <summary>Puts both into the map; the program passes all bytes on to whoever receives.</summary>
    internal Errno Insert() => _ground.Reactor.Run(() =>
    {
        SpliceTable table = _ground.Offload.Table;
        Errno errno = _ground.Offload.SocketsFor(default, out SpliceSockets? sockets, out _);
        if (errno == Errno.None)
            errno = table.Know(_clientCookie, _index);
        if (errno == Errno.None)
            errno = table.Know(_upstreamCookie, _index + 1);
        if (errno == Errno.None)
            errno = sockets!.InsertClient(_index, DescriptorOf(_client));
        return errno == Errno.None ? sockets!.InsertUpstream(_index + 1, DescriptorOf(_upstream)) : errno;
    });

    public void Dispose()
    {
        Client.Dispose();
        _upstream.Dispose();
        ClientEnd.Dispose();
        _serverEnd.Dispose();
        _ = _ground.Reactor.Run(() =>
        {
            _ground.Offload.Table.Forget(_clientCookie);
            _ground.Offload.Table.Forget(_upstreamCookie);
            _ground.Offload.Table.Return(_index);
            return true;
        });
    }

    private static int DescriptorOf(Socket socket) => (int)socket.SafeHandle.DangerousGetHandle();
}
