using System.Collections.Immutable;
using System.Net;

namespace Sluice.Redirect.Rules;

/// <summary>A set of IP prefixes (CIDR), IPv4 and IPv6. Immutable.</summary>
public sealed class PrefixSet
{
    private readonly UInt128[] _firsts;
    private readonly UInt128[] _lasts;

    /// <summary>All addresses inside any of <paramref name="prefixes"/>.</summary>
    public PrefixSet(IEnumerable<IPNetwork> prefixes)
    {
        Prefixes = [.. prefixes];
        var merged = new List<(UInt128 First, UInt128 Last)>();
        foreach ((UInt128 first, UInt128 last) in Prefixes.Select(RangeOf).OrderBy(range => range.First))
        {
            if (merged.Count > 0 && first <= merged[^1].Last)
                merged[^1] = (merged[^1].First, UInt128.Max(merged[^1].Last, last));
            else
                merged.Add((first, last));
        }

        _firsts = [.. merged.Select(range => range.First)];
        _lasts = [.. merged.Select(range => range.Last)];
    }

    /// <summary>As given.</summary>
    public ImmutableArray<IPNetwork> Prefixes { get; }

    /// <summary>Whether an address, IPv4 mapped into IPv6, is inside. Takes logarithmic time in the number of prefixes.</summary>
    public bool Contains(UInt128 address)
    {
        int index = Array.BinarySearch(_firsts, address);
        return index >= 0 || (~index > 0 && address <= _lasts[~index - 1]);
    }

    /// <summary>For people: <c>10.0.0.0/8, fd00::/8</c>.</summary>
    public override string ToString() => string.Join(", ", Prefixes);

    private static (UInt128 First, UInt128 Last) RangeOf(IPNetwork prefix)
    {
        IPAddress address = prefix.BaseAddress;
        bool isIPv4 = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork;
        var first = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian((isIPv4 ? address.MapToIPv6() : address).GetAddressBytes());
        int free = (isIPv4 ? 32 : 128) - prefix.PrefixLength;
        UInt128 hosts = free == 128 ? UInt128.MaxValue : (UInt128.One << free) - 1;
        return (first & ~hosts, first | hosts);
    }
}
