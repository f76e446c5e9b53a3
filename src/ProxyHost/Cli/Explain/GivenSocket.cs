using System.Net;
using System.Net.Sockets;
using Sluice.ProxyHost.Configuration;
using Sluice.Redirect;
using Sluice.Redirect.Verdicts;

namespace Sluice.ProxyHost.Cli.Explain;

/// <summary>The socket that given bytes come through: what programs and routes see of it, and what it is called.</summary>
/// <param name="Context">What programs see.</param>
/// <param name="Text">Both its ends, for people.</param>
internal sealed record GivenSocket(MessageContext Context, string Text)
{
    private const int AnyPort = 50000;

    /// <summary>One that a listener would accept, or dial. Null and why when the source cannot be on it.</summary>
    public static GivenSocket? Of(ListenerConfig listener, ClusterConfig cluster, GivenStream stream, out string? problem)
    {
        IEnumerable<EndPoint?> ends = stream.From == Direction.FromClient
            ? listener.Listen.Select(listen => (EndPoint?)listen.EndPoint)
            : cluster.Endpoints.Select(EndPointOf);
        EndPoint? end = ends.FirstOrDefault(one => Fits(one, stream.Source));
        (string who, problem) = stream.From == Direction.FromClient ? ("client", null) : ("upstream", (string?)null);
        if (end is null)
        {
            problem = $"the listener `{listener.Name}` has no {who} with an address such as {stream.Source!.Address}";
            return null;
        }
        if (end is not IPEndPoint ip)
        {
            var context = new MessageContext(MessageDirection.Ingress, AddressFamily.Unix) { Side = stream.From };
            return new GivenSocket(context, $"{who} over a unix socket");
        }
        return stream.From == Direction.FromClient ? Accepted(ip, stream.Source) : Dialled(ip, stream.Source);
    }

    private static GivenSocket Accepted(IPEndPoint listen, IPEndPoint? source)
    {
        IPAddress from = source?.Address ?? Loopback(listen.AddressFamily);
        IPAddress local = IsAny(listen.Address) ? Loopback(from.AddressFamily) : listen.Address;
        var remote = new IPEndPoint(from, source is { Port: > 0 } ? source.Port : AnyPort);
        return Of(remote, new IPEndPoint(local, listen.Port), Direction.FromClient, "client {0} to {1}");
    }

    private static GivenSocket Dialled(IPEndPoint endpoint, IPEndPoint? source)
    {
        var remote = new IPEndPoint(source?.Address ?? endpoint.Address, source is { Port: > 0 } ? source.Port : endpoint.Port);
        return Of(remote, new IPEndPoint(Loopback(remote.AddressFamily), AnyPort), Direction.FromUpstream, "upstream {0} to {1}");
    }

    private static GivenSocket Of(IPEndPoint remote, IPEndPoint local, Direction side, string text)
    {
        var key = SocketKey.From(remote, local);
        AddressFamily family = key.IsIPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        return new GivenSocket(
            new MessageContext(MessageDirection.Ingress, family, key) { Side = side },
            string.Format(System.Globalization.CultureInfo.InvariantCulture, text, remote, local));
    }

    // A name is not looked up, and a service inside the daemon has no fixed address: loopback stands for both.
    private static EndPoint EndPointOf(EndpointConfig endpoint) => endpoint.Address ?? new IPEndPoint(IPAddress.Loopback, Math.Max(1, endpoint.Port));

    // A socket that listens on [::] takes IPv4 as well.
    private static bool Fits(EndPoint? end, IPEndPoint? source) =>
        source is null || (end is IPEndPoint ip && (ip.AddressFamily == source.AddressFamily || ip.Address.Equals(IPAddress.IPv6Any)));

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static IPAddress Loopback(AddressFamily family) => family == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback;
}
