using System.Net;
using System.Net.Sockets;
using CsCheck;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Tests.Linux;

public sealed class SocketAddressTests
{
    private static readonly Gen<IPEndPoint> EndPoints = Gen.Select(
        Gen.OneOf(Gen.Byte.Array[4].Select(b => new IPAddress(b)), Gen.Select(Gen.Byte.Array[16], Gen.UInt, (b, scope) => new IPAddress(b, scope))),
        Gen.UShort,
        (address, port) => new IPEndPoint(address, port));

    [Fact]
    public void An_address_is_laid_out_as_the_runtime_lays_it_out_and_comes_back() =>
        EndPoints.Sample(endPoint =>
        {
            SocketAddressBuffer buffer = SocketAddressBuffer.From(endPoint);
            SocketAddress serialized = endPoint.Serialize();
            Assert.Equal((uint)serialized.Size, buffer.Length);
            Assert.Equal(serialized.Buffer.Span[..serialized.Size].ToArray(), Bytes(buffer));
            Assert.Equal(endPoint, buffer.ToEndPoint());
            Assert.Equal(endPoint, new PackedAddress(buffer).ToEndPoint());
        });

    [Theory]
    [InlineData("/run/sluice/a.sock")]
    [InlineData("\0abstract")]
    public void A_unix_address_comes_back(string path)
    {
        var endPoint = new UnixDomainSocketEndPoint(path);
        Assert.Equal(endPoint, SocketAddressBuffer.From(endPoint).ToEndPoint());
    }

    private static byte[] Bytes(SocketAddressBuffer buffer) =>
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(new ReadOnlySpan<SocketAddressBuffer>(in buffer)).Slice(sizeof(uint), (int)buffer.Length).ToArray();
}
