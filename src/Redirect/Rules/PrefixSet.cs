using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;

namespace Sluice.Redirect.Rules;

/// <summary>
/// A set of IP prefixes (CIDR), IPv4 and IPv6. IPv4 is a part of IPv6 here, as ::ffff:0:0/96, so <c>::/0</c> has every address.
/// It looks at the upper half of an address, and at the lower one only below an upper half that is in the set in part. Immutable.
/// </summary>
public sealed class PrefixSet
{
    // Ranges that have an address in common count as equal.
    private static readonly Comparer<(UInt128 First, UInt128 Last)> ByPlace =
        Comparer<(UInt128 First, UInt128 Last)>.Create((a, b) => a.Last < b.First ? -1 : a.First > b.Last ? 1 : 0);

    private readonly List<(UInt128 First, UInt128 Last)> _ranges;
    private readonly RangeIndex _uppers;
    // Of the range of upper halves with the same index: null where it is in the set whole.
    private readonly RangeIndex?[] _lowers;

    /// <summary>All addresses inside any of <paramref name="prefixes"/>.</summary>
    public PrefixSet(IEnumerable<IPNetwork> prefixes)
    {
        Prefixes = [.. prefixes];
        var uppers = new List<NumberRange>();
        var lowers = new List<RangeIndex?>();
        _ranges = Merge(Prefixes.Select(RangeOf));
        foreach (var below in _ranges.GroupBy(range => new NumberRange((ulong)(range.First >> 64), (ulong)(range.Last >> 64))))
        {
            NumberRange[] lower = [.. below.Select(range => new NumberRange((ulong)range.First, (ulong)range.Last))];
            uppers.Add(below.Key);
            lowers.Add(lower is [(0, ulong.MaxValue)] ? null : new RangeIndex(lower));
        }

        (_uppers, _lowers) = (new RangeIndex([.. uppers]), [.. lowers]);
    }

    /// <summary>As given.</summary>
    public ImmutableArray<IPNetwork> Prefixes { get; }

    /// <summary>The same addresses as disjoint ascending ranges, each of which is one of the prefixes.</summary>
    internal IReadOnlyList<(UInt128 First, UInt128 Last)> Ranges => _ranges;

    /// <summary>Whether an address, IPv4 mapped into IPv6, is inside. Takes a time that hardly depends on the number of prefixes.</summary>
    public bool Contains(UInt128 address)
    {
        int upper = _uppers.Find((ulong)(address >> 64));
        return upper >= 0 && (_lowers[upper] is not { } lower || lower.Find((ulong)address) >= 0);
    }

    /// <summary>Whether every prefix of this one is inside a prefix of <paramref name="other"/>.</summary>
    public bool IsSubsetOf(PrefixSet other) => _ranges.TrueForAll(range =>
        other._ranges.BinarySearch(range, ByPlace) is var met and >= 0
        && other._ranges[met].First <= range.First && range.Last <= other._ranges[met].Last);

    /// <summary>Whether an address is in both.</summary>
    public bool Overlaps(PrefixSet other) => _ranges.Exists(range => other._ranges.BinarySearch(range, ByPlace) >= 0);

    /// <summary>For people: <c>10.0.0.0/8, fd00::/8</c>.</summary>
    public override string ToString() => string.Join(", ", Prefixes);

    // Two prefixes are disjoint or one is inside the other, so every range is one of the prefixes: either all of some upper
    // halves, or a part of a single one.
    private static List<(UInt128 First, UInt128 Last)> Merge(IEnumerable<(UInt128 First, UInt128 Last)> ranges)
    {
        var merged = new List<(UInt128 First, UInt128 Last)>();
        foreach ((UInt128 first, UInt128 last) in ranges.OrderBy(range => range.First))
        {
            if (merged.Count > 0 && first <= merged[^1].Last)
                merged[^1] = (merged[^1].First, UInt128.Max(merged[^1].Last, last));
            else
                merged.Add((first, last));
        }

        return merged;
    }

    private static (UInt128 First, UInt128 Last) RangeOf(IPNetwork prefix)
    {
        IPAddress address = prefix.BaseAddress;
        bool isIPv4 = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork;
        UInt128 first = BinaryPrimitives.ReadUInt128BigEndian((isIPv4 ? address.MapToIPv6() : address).GetAddressBytes());
        int free = (isIPv4 ? 32 : 128) - prefix.PrefixLength;
        UInt128 hosts = free == 128 ? UInt128.MaxValue : (UInt128.One << free) - 1;
        return (first & ~hosts, first | hosts);
    }
}
