using System.Net;
using CsCheck;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Limits;
using Sluice.Redirect.Transports;

namespace Sluice.ProxyHost.Tests.Limits;

public sealed class AddressListTests
{
    // Few bits that differ, so that prefixes are in one another.
    private static readonly Gen<IPNetwork> Prefix = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 32], Gen.Bool, (a, b, length, isV4) => isV4
        ? Network(new IPAddress([(byte)(a << 6), (byte)(b << 6), 0, 0]), length)
        : Network(new IPAddress([(byte)(a << 6), (byte)(b << 6), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), length));

    [Fact]
    public void The_longest_prefix_decides() => Gen.Select(Prefix.Array[0, 6], Prefix.Array[0, 6], Gen.Byte.Array[4], Gen.Bool).Sample((allow, deny, bytes, isV4) =>
    {
        var address = new IPAddress(isV4 ? bytes : [.. bytes, .. new byte[12]]);
        int allowed = Longest(allow, address);
        int denied = Longest(deny, address);
        bool expected = allowed < 0 && denied < 0 ? allow.Length == 0 : allowed > denied;
        Assert.True(RemoteAddress.TryGet(new IPEndPoint(address, 0), out UInt128 number));
        Assert.Equal(expected, new AddressList(new AccessConfig([.. allow], [.. deny], false)).Allows(number));
    }, iter: 5000);

    // In bits of IPv6, of which IPv4 is a part.
    private static int Longest(IPNetwork[] prefixes, IPAddress address) => prefixes
        .Where(prefix => prefix.BaseAddress.AddressFamily == address.AddressFamily ? prefix.Contains(address) : prefix.PrefixLength == 0 && prefix.BaseAddress.Equals(IPAddress.IPv6Any))
        .Select(prefix => prefix.PrefixLength + (prefix.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 96 : 0))
        .Concat(address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork
            ? prefixes.Where(prefix => prefix.BaseAddress.Equals(IPAddress.IPv6Any)).Select(prefix => prefix.PrefixLength)
            : [])
        .DefaultIfEmpty(-1).Max();

    private static IPNetwork Network(IPAddress address, int length)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int bit = length; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new IPNetwork(new IPAddress(bytes), length);
    }
}
