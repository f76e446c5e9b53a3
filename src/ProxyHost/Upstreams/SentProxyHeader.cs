using System.Net;
using System.Text;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Connections;
using Sluice.Redirect.ProxyProtocol;

namespace Sluice.ProxyHost.Upstreams;

/// <summary>Writes the PROXY headers that a cluster's servers get. Immutable.</summary>
internal sealed class SentProxyHeader(SendProxyProtocolConfig config)
{
    /// <summary>Of a cluster; null where its servers get none.</summary>
    public static SentProxyHeader? Of(ClusterConfig cluster) => cluster.SendProxyProtocol is { } config ? new(config) : null;

    /// <summary>For a connection that the daemon makes for itself, a health check say: sent before anything else.</summary>
    public byte[] Local() => ProxyHeaderWriter.Local(config.Version);

    /// <summary>True when it tells the name that clients ask for.</summary>
    public bool WantsServerName { get; } = config.Tlvs.Any(tlv => tlv.Type == ProxyTlvType.Authority);

    /// <summary>For a client's connection: sent before anything of the client's.</summary>
    public byte[] For(ProxiedConnection connection) =>
        For(connection.ClientAddress, connection.ServedAddress, connection.Id, connection.Origin, connection.ServerName);

    /// <summary>As for a connection of which this is known.</summary>
    /// <param name="client">Who the client is; without an address where it came by a unix socket.</param>
    /// <param name="served">What the client had connected to.</param>
    /// <param name="id">The connection's number.</param>
    /// <param name="origin">What a proxy in front told of it: its names go on.</param>
    /// <param name="serverName">The name in the client's ClientHello, where somebody has looked.</param>
    public byte[] For(EndPoint? client, EndPoint? served, long id, ProxyHeader? origin, string? serverName)
    {
        (IPEndPoint? source, IPEndPoint? destination) = (client, served) is (IPEndPoint from, IPEndPoint to) ? (from, to) : default((IPEndPoint?, IPEndPoint?));
        var header = new ProxyHeader(config.Version, ProxyCommand.Proxy, source, destination)
        {
            Tlvs = config.Tlvs.IsEmpty ? [] : [.. config.Tlvs.Select(tlv => new ProxyTlv(tlv.Type, ValueOf(tlv))).Where(tlv => !tlv.Value.IsEmpty)],
        };
        return ProxyHeaderWriter.Write(header, config.HasChecksum);

        ReadOnlyMemory<byte> ValueOf(SentTlvConfig tlv) =>
            tlv.IsOfConnection && origin is not null && origin.TryGet(tlv.Type, out ReadOnlyMemory<byte> told) ? told
            : tlv.Type == ProxyTlvType.UniqueId ? Encoding.ASCII.GetBytes(UniqueIds.Of(id))
            : tlv.Type == ProxyTlvType.Authority ? Encoding.ASCII.GetBytes(serverName ?? "")
            : tlv.Value.AsMemory();
    }
}
