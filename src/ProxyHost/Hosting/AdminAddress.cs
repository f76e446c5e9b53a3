using System.Net;
using System.Net.Sockets;
using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Hosting;

/// <summary>Where a running daemon's admin endpoint is to be found.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Base">What paths are relative to.</param>
/// <param name="EndPoint">What to connect to.</param>
internal sealed record AdminAddress(string Name, Uri Base, EndPoint EndPoint)
{
    /// <summary>Of the daemon that has this configuration.</summary>
    public static AdminAddress Of(AdminConfig config) => Of(config.Listen);

    /// <summary>Of a daemon that listens there.</summary>
    public static AdminAddress Of(ListenAddress listen) => new(listen.Text, new Uri("http://sluice"), listen.EndPoint);

    /// <summary>Of the host and port of an http URL.</summary>
    public static AdminAddress Of(Uri url) => new(url.ToString(), url, new DnsEndPoint(url.IdnHost, url.Port));

    /// <summary>A client that connects there, whatever its requests name; it goes through no proxy.</summary>
    public HttpClient CreateClient(TimeSpan patience)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, ConnectCallback = (_, stop) => ConnectAsync(stop) };
        return new HttpClient(handler) { Timeout = patience, BaseAddress = Base };
    }

    private async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        EndPoint address = EndPoint switch
        {
            // Listening on every address is not an address to connect to.
            IPEndPoint ip when ip.Address.Equals(IPAddress.Any) => new IPEndPoint(IPAddress.Loopback, ip.Port),
            IPEndPoint ip when ip.Address.Equals(IPAddress.IPv6Any) => new IPEndPoint(IPAddress.IPv6Loopback, ip.Port),
            _ => EndPoint,
        };
        Socket socket = address is UnixDomainSocketEndPoint
            ? new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
