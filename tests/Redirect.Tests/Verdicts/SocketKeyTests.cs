using System.Net;
using System.Runtime.InteropServices;
using CsCheck;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Verdicts;

public sealed class SocketKeyTests
{
    private static readonly Gen<IPEndPoint> EndPoint = Gen.Select(
        Gen.OneOf(Gen.Byte.Array[4], Gen.Byte.Array[16]), Gen.UShort, (address, port) => new IPEndPoint(new IPAddress(address), port));

    [Fact]
    public void Lies_in_memory_as_the_kernel_s_program_builds_it()
    {
        var key = SocketKey.From(IPEndPoint.Parse("10.1.2.3:40000"), IPEndPoint.Parse("[2001:db8::7]:80"));
        byte[] bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<SocketKey>(in key)).ToArray();
        Assert.Equal(
            "00000000000000000000FFFF0A010203" + "20010DB8000000000000000000000007" + "9C400000" + "00500000", Convert.ToHexString(bytes));
        Assert.Equal(SocketKey.Size, bytes.Length);
    }

    [Fact]
    public void Gives_back_the_addresses_it_was_made_of() => Gen.Select(EndPoint, EndPoint).Sample((remote, local) =>
    {
        var key = SocketKey.From(remote, local);
        Assert.Equal(Unmapped(remote), key.Remote);
        Assert.Equal(Unmapped(local), key.Local);
        Assert.Equal($"{key.Remote} > {key.Local}", key.ToString());
        Assert.Equal(SocketKey.From(local, remote), key.Reversed());
    });

    [Fact]
    public void Is_equal_when_every_byte_is() => Gen.Select(Gen.Byte.Array[SocketKey.Size], Gen.Int[0, SocketKey.Size - 1], Gen.Byte[1, 255])
        .Sample((bytes, at, change) =>
        {
            SocketKey key = MemoryMarshal.Read<SocketKey>(bytes);
            SocketKey same = MemoryMarshal.Read<SocketKey>(bytes);
            Assert.True(key == same && key.Equals((object)same));
            Assert.Equal(key.GetHashCode(), same.GetHashCode());

            bytes[at] ^= change;
            SocketKey other = MemoryMarshal.Read<SocketKey>(bytes);
            Assert.True(key != other && !key.Equals((object)other));
        });

    [Fact]
    public void An_address_means_the_same_mapped_and_not() => Assert.Equal(
        SocketKey.From(IPEndPoint.Parse("127.0.0.1:1"), IPEndPoint.Parse("127.0.0.2:2")),
        SocketKey.From(IPEndPoint.Parse("[::ffff:127.0.0.1]:1"), IPEndPoint.Parse("[::ffff:127.0.0.2]:2")));

    // What a proxy really has: one client network, ports one after another. 4096 keys in 4096 buckets leave the fullest with
    // about 7; a hash that ignored a field would put hundreds into one.
    [Fact]
    public void Spreads_keys_that_differ_in_one_field_only()
    {
        IPEndPoint[] varied = [.. Enumerable.Range(0, 4096).Select(i => new IPEndPoint(new IPAddress([10, 0, (byte)(i >> 8), (byte)i]), 5000))];
        AssertSpread(varied.Select(remote => SocketKey.From(remote, IPEndPoint.Parse("10.9.9.9:443"))));
        AssertSpread(varied.Select(local => SocketKey.From(IPEndPoint.Parse("10.9.9.9:443"), local)));
        AssertSpread(Enumerable.Range(1024, 4096)
            .Select(port => SocketKey.From(new IPEndPoint(IPAddress.Loopback, port), IPEndPoint.Parse("127.0.0.1:80"))));
        AssertSpread(Enumerable.Range(1024, 4096)
            .Select(port => SocketKey.From(IPEndPoint.Parse("[::1]:80"), new IPEndPoint(IPAddress.IPv6Loopback, port))));
    }

    private static void AssertSpread(IEnumerable<SocketKey> keys) =>
        Assert.InRange(keys.CountBy(key => key.GetHashCode() & 4095).Max(bucket => bucket.Value), 1, 16);

    private static IPEndPoint Unmapped(IPEndPoint endPoint) => endPoint.Address.IsIPv4MappedToIPv6
        ? new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port)
        : endPoint;
}
