using System.Net;
using CsCheck;
using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Tests.Rules;

public sealed class PrefixSetTests
{
    // Addresses that lie close together, so that prefixes contain one another and addresses fall on their edges.
    private static readonly Gen<byte[]> Bytes = Gen.Select(Gen.OneOf("v4", "v6 below one /32", "v6", "hosts below one /64"), Gen.Byte.Array[16])
        .Select((kind, random) => kind switch
        {
            "v4" => [10, (byte)(random[1] & 3), random[2], random[3]],
            "v6 below one /32" => [0x20, 1, 0xd, 0xb8, .. random[4..]],
            "hosts below one /64" => [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, .. random[8..]],
            _ => random,
        });

    private static readonly Gen<IPNetwork> Prefix = Gen.Select(Bytes, Gen.Int[0, 128])
        .Select((bytes, length) => Make(bytes, bytes.Length == 4 ? length % 33 : length));

    [Fact]
    public void An_address_is_inside_as_a_list_of_prefixes_would_say() =>
        Gen.Select(Prefix.Array[0, 60], Bytes.Array[1, 20], Gen.Int).Sample((prefixes, others, seed) =>
        {
            var set = new PrefixSet(prefixes);
            foreach (IPAddress address in Probes(prefixes).Concat(others.Select(bytes => new IPAddress(bytes))))
                Assert.Equal(IsInAny(prefixes, address), set.Contains(Number(address)));
        });

    [Fact]
    public void Thousands_of_prefixes_are_told_apart()
    {
        var random = new Random(7);
        IPNetwork[] v4 = [.. Enumerable.Range(0, 3000).Select(_ => Make([(byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256), 0], random.Next(16, 25)))];
        IPNetwork[] v6 = [.. Enumerable.Range(0, 3000).Select(_ => Make([0x20, 1, 0xd, 0xb8, (byte)random.Next(4), (byte)random.Next(256), (byte)random.Next(256), 0, .. new byte[8]], 56))];
        var set = new PrefixSet([.. v4, .. v6]);
        var naive = new HashSet<IPNetwork>([.. v4, .. v6]);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = i % 2 == 0
                ? [(byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)]
                : [0x20, 1, 0xd, 0xb8, (byte)random.Next(5), (byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(2), .. new byte[8]];
            bool expected = Enumerable.Range(0, (bytes.Length * 8) + 1).Any(length => naive.Contains(Make(bytes, length)));
            Assert.Equal(expected, set.Contains(Number(new IPAddress(bytes))));
        }
    }

    // Each prefix is half as far from the next as the one before: the shape that an even division serves worst.
    [Fact]
    public void Prefixes_that_crowd_ever_closer_are_told_apart()
    {
        IPNetwork[] prefixes = [.. Enumerable.Range(1, 127).Select(bit => Make(Octets(UInt128.One << (127 - bit)), 128))];
        var set = new PrefixSet(prefixes);
        foreach (IPAddress address in Probes(prefixes))
            Assert.Equal(IsInAny(prefixes, address), set.Contains(Number(address)));
    }

    [Fact]
    public void Subsets_and_overlaps_are_those_of_the_addresses() =>
        Gen.Select(Prefix.Array[0, 6], Prefix.Array[0, 6]).Sample((some, others) =>
        {
            (PrefixSet a, PrefixSet b) = (new PrefixSet(some), new PrefixSet(others));
            IPAddress[] probes = [.. Probes([.. some, .. others])];
            Assert.Equal(probes.Any(p => IsInAny(some, p) && IsInAny(others, p)), a.Overlaps(b));
            if (a.IsSubsetOf(b))
                Assert.All(probes, p => Assert.True(!IsInAny(some, p) || IsInAny(others, p)));
            Assert.True(a.IsSubsetOf(a) && a.IsSubsetOf(new PrefixSet([.. others, .. some])));
        });

    // First and last address of each prefix, and their neighbours outside.
    private static IEnumerable<IPAddress> Probes(IPNetwork[] prefixes) => prefixes.SelectMany(prefix =>
    {
        int bits = prefix.BaseAddress.GetAddressBytes().Length * 8;
        UInt128 all = UInt128.MaxValue >> (128 - bits);
        UInt128 first = prefix.BaseAddress.GetAddressBytes().Aggregate(UInt128.Zero, (sum, b) => (sum << 8) | b);
        UInt128 last = first | (prefix.PrefixLength == bits ? 0 : all >> prefix.PrefixLength);
        return new[] { first, last, first - 1, last + 1, first + ((last - first) / 2) }.Where(n => n <= all).Select(n => new IPAddress(Octets(n)[(16 - (bits / 8))..]));
    });

    private static bool IsInAny(IPNetwork[] prefixes, IPAddress address)
    {
        string bits = BitsOf(address);
        return prefixes.Any(prefix =>
        {
            bool isV4 = prefix.BaseAddress.GetAddressBytes().Length == 4;
            return bits.StartsWith(BitsOf(prefix.BaseAddress)[..(prefix.PrefixLength + (isV4 ? 96 : 0))], StringComparison.Ordinal);
        });
    }

    private static string BitsOf(IPAddress address) => string.Concat(address.MapToIPv6().GetAddressBytes().Select(b => b.ToString("b8", null)));

    private static IPNetwork Make(byte[] bytes, int length)
    {
        byte[] masked = [.. bytes];
        for (int bit = length; bit < bytes.Length * 8; bit++)
            masked[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new IPNetwork(new IPAddress(masked), length);
    }

    private static byte[] Octets(UInt128 number) => [.. Enumerable.Range(0, 16).Select(i => (byte)(number >> (8 * (15 - i))))];

    private static UInt128 Number(IPAddress address) => address.MapToIPv6().GetAddressBytes().Aggregate(UInt128.Zero, (sum, b) => (sum << 8) | b);
}
