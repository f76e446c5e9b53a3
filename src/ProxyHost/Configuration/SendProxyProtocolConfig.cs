using System.Collections.Immutable;
using Sluice.Redirect.ProxyProtocol;

namespace Sluice.ProxyHost.Configuration;

/// <summary>The PROXY header that a cluster's servers get before anything else.</summary>
/// <param name="Version">1 or 2.</param>
public sealed record SendProxyProtocolConfig(int Version)
{
    /// <summary>What version 2 tells besides addresses, in this order. Default: nothing.</summary>
    public ImmutableArray<SentTlvConfig> Tlvs { get; init; } = [];

    /// <summary>Whether it ends with a CRC32c of itself. Version 2 only; default no.</summary>
    public bool HasChecksum { get; init; }
}

/// <summary>A vector of a header that is sent.</summary>
/// <param name="Type">As registered; of the authority and the unique id, or one for applications.</param>
/// <param name="Value">The bytes for an application's type; empty for others, whose value is the connection's.</param>
public sealed record SentTlvConfig(byte Type, ImmutableArray<byte> Value)
{
    /// <summary>True where the value is that of the connection.</summary>
    public bool IsOfConnection => Type is ProxyTlvType.Authority or ProxyTlvType.UniqueId;
}
