using System.Net;
using System.Net.Sockets;
using System.Text;
using Sluice.ProxyHost.Model;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Rules.Tls;
using Sluice.Redirect.Transports;
using Sluice.Redirect.Verdicts;

namespace Sluice.ProxyHost.Connections;

/// <summary>Looks for the route of one connection in its first bytes.</summary>
internal sealed class RouteInspection(RouteTable table, MessageContext context) : IPreludeInspector
{
    public RouteInspection(RouteTable table, EndPoint? client, EndPoint? served)
        : this(table, ContextOf(client, served))
    {
    }

    /// <summary>The index of the route it takes, once <see cref="Inspect"/> has said so.</summary>
    public int Route => Ruling.Rule;

    /// <summary>What the routes said of the bytes that were looked at last; until they decide, which one waits and for how many.</summary>
    public Ruling Ruling { get; private set; }

    /// <summary>The name in the ClientHello that was looked at, where a cluster's servers are told it; else null.</summary>
    public string? ServerName { get; private set; }

    /// <inheritdoc/>
    public bool Inspect(ReadOnlySpan<byte> bytes, bool isFinal)
    {
        if (table.Parser is { } parser && !bytes.IsEmpty)
        {
            // What comes behind the first message is none of the routes' business, and what cannot be one is looked at as it is.
            int length = parser.LengthOf(bytes);
            isFinal |= length < 0 || (length > 0 && length <= bytes.Length);
            bytes = length > 0 && length < bytes.Length ? bytes[..length] : bytes;
        }

        Ruling = table.Plan.Decide(new MessageView(bytes, context, streamOffset: 0, isFinal));
        if (table.WantsServerName && (Ruling.IsDecided || isFinal) && ClientHello.Read(bytes).ServerName is { IsEmpty: false } name)
            ServerName = Encoding.ASCII.GetString(name);
        return Ruling.IsDecided;
    }

    // Once for each connection, before it has a pair.
    private static MessageContext ContextOf(EndPoint? client, EndPoint? served) =>
        client is IPEndPoint remote && served is IPEndPoint local
            ? ContextOf(SocketKey.From(remote, local))
            : new MessageContext(MessageDirection.Ingress, AddressFamily.Unix);

    private static MessageContext ContextOf(in SocketKey key) =>
        new(MessageDirection.Ingress, key.IsIPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6, key);
}
