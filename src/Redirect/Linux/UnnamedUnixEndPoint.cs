using System.Net;

namespace Sluice.Redirect.Linux;

/// <summary>The address of a unix socket that was never bound, as a client's usually is not.</summary>
internal sealed class UnnamedUnixEndPoint : EndPoint
{
    internal static readonly UnnamedUnixEndPoint Instance = new();

    public override System.Net.Sockets.AddressFamily AddressFamily => System.Net.Sockets.AddressFamily.Unix;

    public override string ToString() => "unix:";
}
