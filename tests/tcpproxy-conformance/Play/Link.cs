using TcpProxyConformance.Wire;

namespace TcpProxyConformance.Play;

/// <summary>A connection that has come through: both its ends.</summary>
internal sealed record Link(Side Client, Side Upstream)
{
    public Side this[Party party] => party == Party.Client ? Client : Upstream;
}
