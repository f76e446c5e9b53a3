using System.Net;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Reactors;

/// <summary>A connection that was accepted. The address object of the other end is made when somebody asks for it.</summary>
/// <param name="socket">Watched by its reactor.</param>
/// <param name="remoteAddress">What accept told of the other end.</param>
/// <param name="listening">The local address where it is certain from the listener; null to ask the kernel.</param>
internal sealed class AcceptedConnection(StreamSocket socket, in SocketAddressBuffer remoteAddress, EndPoint? listening)
    : ReactorConnection(socket, null, listening)
{
    private readonly PackedAddress _remoteAddress = new(remoteAddress);

    private protected override PackedAddress RemoteAddress => _remoteAddress;

    public override EndPoint? RemoteEndPoint
    {
        get => base.RemoteEndPoint ??= _remoteAddress.ToEndPoint();
        set => base.RemoteEndPoint = value;
    }
}
