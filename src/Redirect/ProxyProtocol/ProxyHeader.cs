using System.Collections.Immutable;
using System.Net;

namespace Sluice.Redirect.ProxyProtocol;

/// <summary>A PROXY protocol header: who a relayed connection is from, where it was going, and what else the proxy told. Immutable.</summary>
/// <param name="Version">1, a line of text, or 2, binary.</param>
/// <param name="Command">Whether the addresses are to be believed at all.</param>
/// <param name="Source">The client's address and port; null where the header has none that TCP over IP could have.</param>
/// <param name="Destination">What the client had connected to; null together with <paramref name="Source"/>.</param>
public sealed record ProxyHeader(int Version, ProxyCommand Command, IPEndPoint? Source = null, IPEndPoint? Destination = null)
{
    /// <summary>In their order, without padding and checksum; none in version 1.</summary>
    public ImmutableArray<ProxyTlv> Tlvs { get; init; } = [];

    /// <summary>The value of the first vector of a type.</summary>
    public bool TryGet(byte type, out ReadOnlyMemory<byte> value)
    {
        foreach (ProxyTlv tlv in Tlvs)
        {
            if (tlv.Type == type)
            {
                value = tlv.Value;
                return true;
            }
        }

        value = default;
        return false;
    }
}
