namespace Sluice.ProxyHost.Limits;

/// <summary>Which addresses count as one source.</summary>
/// <param name="IPv4">Bits of an IPv4 address.</param>
/// <param name="IPv6">Bits of an IPv6 address.</param>
internal readonly record struct SourcePrefix(int IPv4, int IPv6)
{
    /// <summary>The first address of the source that an address, IPv4 mapped into IPv6, belongs to.</summary>
    public UInt128 Of(UInt128 address) => address & ~Hosts((address >> 32) == 0xFFFF ? 96 + IPv4 : IPv6);

    /// <summary>The bits behind a prefix of such a length, 0 to 128.</summary>
    public static UInt128 Hosts(int length) => length == 0 ? UInt128.MaxValue : (UInt128.One << (128 - length)) - 1;
}
