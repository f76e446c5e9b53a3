using System.Net;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Reactors;

/// <summary>
/// A connection that was accepted. What accept told of the other end is kept in few bytes; the address object is made when somebody
/// asks for it.
/// </summary>
internal abstract class AcceptedConnection : ReactorConnection
{
    private AcceptedConnection(StreamSocket socket, EndPoint? listening)
        : base(socket, null, listening)
    {
    }

    public override EndPoint? RemoteEndPoint
    {
        get => base.RemoteEndPoint ??= RemoteAddress.ToEndPoint();
        set => base.RemoteEndPoint = value;
    }

    /// <summary>A connection that has just been accepted.</summary>
    /// <param name="socket">Watched by its reactor.</param>
    /// <param name="remoteAddress">What accept told of the other end.</param>
    /// <param name="listening">The local address where it is certain from the listener; null to ask the kernel.</param>
    internal static AcceptedConnection Create(StreamSocket socket, in SocketAddressBuffer remoteAddress, EndPoint? listening)
    {
        var remote = new PackedAddress(remoteAddress);
        return remote.IsIPv4(out uint address, out ushort port)
            ? new IPv4(socket, address, port, listening)
            : new Other(socket, remote, listening);
    }

    private sealed class IPv4(StreamSocket socket, uint address, ushort port, EndPoint? listening) : AcceptedConnection(socket, listening)
    {
        private protected override PackedAddress RemoteAddress => new(address, port);
    }

    private sealed class Other(StreamSocket socket, PackedAddress address, EndPoint? listening) : AcceptedConnection(socket, listening)
    {
        private protected override PackedAddress RemoteAddress => address;
    }
}
