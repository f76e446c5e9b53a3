using System.Net;
using System.Net.Sockets;
using Sluice.ProxyHost.Cli;
using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Hosting;

/// <summary>Asks a running daemon's /readyz, for container health checks.</summary>
internal static class HealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Asks the given URL, or else /readyz of this configuration's admin endpoint. 0 when it is ready; otherwise 1, and standard
    /// error says why.
    /// </summary>
    public static Task<int> RunAsync(SluiceConfig? config, Uri? url, CancellationToken cancellationToken) => url is null
        ? AskAsync(new Uri("http://sluice/readyz"), config!.Admin.Listen.Text, config.Admin.Listen.EndPoint, cancellationToken)
        : AskAsync(url, url.ToString(), new DnsEndPoint(url.IdnHost, url.Port), cancellationToken);

    private static async Task<int> AskAsync(Uri url, string name, EndPoint endPoint, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, ConnectCallback = (_, stop) => ConnectAsync(endPoint, stop) };
        using var client = new HttpClient(handler) { Timeout = Patience };
        try
        {
            using HttpResponseMessage response = await client.GetAsync(url, cancellationToken);
            if (response.IsSuccessStatusCode)
                return ExitCode.Success;
            string reason = await response.Content.ReadAsStringAsync(cancellationToken);
            return await NotReadyAsync($"{name}: {(int)response.StatusCode} {reason.Split('\n')[0]}");
        }
        catch (HttpRequestException failure)
        {
            return await NotReadyAsync($"{name}: {failure.InnerException?.Message ?? failure.Message}");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return await NotReadyAsync($"{name}: no answer within {Patience.TotalSeconds} s");
        }
    }

    private static async ValueTask<Stream> ConnectAsync(EndPoint listen, CancellationToken cancellationToken)
    {
        EndPoint address = listen switch
        {
            // Listening on every address is not an address to connect to.
            IPEndPoint ip when ip.Address.Equals(IPAddress.Any) => new IPEndPoint(IPAddress.Loopback, ip.Port),
            IPEndPoint ip when ip.Address.Equals(IPAddress.IPv6Any) => new IPEndPoint(IPAddress.IPv6Loopback, ip.Port),
            _ => listen,
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

    private static async Task<int> NotReadyAsync(string reason)
    {
        await Console.Error.WriteLineAsync($"sluice: not ready: {reason}");
        return ExitCode.NotReady;
    }
}
