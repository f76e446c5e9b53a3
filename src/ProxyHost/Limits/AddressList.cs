using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Limits;

/// <summary>Who may connect: the longest prefix that has an address decides. A search in sorted ranges, whatever the number of prefixes. Immutable.</summary>
internal sealed class AddressList
{
    private readonly UInt128[] _starts;
    private readonly bool[] _isAllowed;

    public AddressList(AccessConfig config)
    {
        (UInt128 First, UInt128 Last, bool IsAllowed)[] prefixes =
        [
            .. config.Allow.Select(prefix => Range(prefix, true)), .. config.Deny.Select(prefix => Range(prefix, false)),
        ];
        // Two prefixes are disjoint or one is in the other: wider ones first, and what comes later is more exact.
        Array.Sort(prefixes, (a, b) => a.First != b.First ? a.First.CompareTo(b.First) : a.Last != b.Last ? b.Last.CompareTo(a.Last) : b.IsAllowed.CompareTo(a.IsAllowed));
        var starts = new List<(UInt128 At, bool IsAllowed)> { (0, config.Allow.IsEmpty) };
        var around = new Stack<(UInt128 Last, bool IsAllowed)>([(UInt128.MaxValue, config.Allow.IsEmpty)]);
        foreach (var prefix in prefixes)
        {
            LeaveBefore(prefix.First);
            starts.Add((prefix.First, prefix.IsAllowed));
            around.Push((prefix.Last, prefix.IsAllowed));
        }

        LeaveBefore(UInt128.MaxValue);
        // Of several at one place the last is the most exact.
        var exact = starts.GroupBy(start => start.At, (at, all) => (At: at, all.Last().IsAllowed)).ToArray();
        (_starts, _isAllowed) = ([.. exact.Select(start => start.At)], [.. exact.Select(start => start.IsAllowed)]);

        void LeaveBefore(UInt128 next)
        {
            while (around.Peek().Last < next)
            {
                UInt128 behind = around.Pop().Last + 1;
                starts.Add((behind, around.Peek().IsAllowed));
            }
        }
    }

    /// <summary>Whether an address, IPv4 mapped into IPv6, may connect.</summary>
    public bool Allows(UInt128 address)
    {
        int at = Array.BinarySearch(_starts, address);
        return _isAllowed[at >= 0 ? at : ~at - 1];
    }

    private static (UInt128 First, UInt128 Last, bool IsAllowed) Range(IPNetwork prefix, bool isAllowed)
    {
        bool isV4 = prefix.BaseAddress.AddressFamily == AddressFamily.InterNetwork;
        UInt128 first = BinaryPrimitives.ReadUInt128BigEndian((isV4 ? prefix.BaseAddress.MapToIPv6() : prefix.BaseAddress).GetAddressBytes());
        UInt128 hosts = SourcePrefix.Hosts(isV4 ? 96 + prefix.PrefixLength : prefix.PrefixLength);
        return (first, first | hosts, isAllowed);
    }
}
