using System.Net;
using System.Net.Sockets;
using Sluice.Functional.Wire;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Transports;
using Sluice.Redirect.Verdicts;
using Sluice.Redirect;

namespace Sluice.Functional.Proxy;

/// <summary>One client and one server with the proxy between them: what most tests need.</summary>
internal sealed class Link : IAsyncDisposable
{
    private readonly Server _listener;

    private Link(Server listener, ProxyUnderTest proxy, Socket client, Socket server, SplicePair pair)
    {
        (_listener, Proxy, Client, Server, Pair) = (listener, proxy, client, server, pair);
    }

    public ProxyUnderTest Proxy { get; }

    /// <summary>The client's socket.</summary>
    public Socket Client { get; }

    /// <summary>The server's socket of the same connection.</summary>
    public Socket Server { get; }

    public SplicePair Pair { get; }

    /// <summary>Connects through a new proxy; buffer sizes of 0 leave the kernel's.</summary>
    public static async Task<Link> OpenAsync(
        SpliceLimits? limits = null, EndPoint? listen = null, EndPoint? upstream = null, int sendBuffer = 0, int receiveBuffer = 0,
        Func<ITransport>? transport = null, SpliceMaps? maps = null, IVerdictObserver? observer = null,
        Bandwidth? bandwidth = null)
    {
        var listener = new Server(upstream, sendBuffer, receiveBuffer);
        ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(listener.EndPoint, listen, limits, transport, maps, observer, bandwidth);
        Socket client = await Sockets.DialAsync(proxy.EndPoint, sendBuffer, receiveBuffer);
        Socket server = await listener.AcceptAsync();
        return new Link(listener, proxy, client, server, await proxy.NextPairAsync());
    }

    public Task<SpliceResult> ResultAsync() => Proxy.NextResultAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Server.Dispose();
        Pair.Abort(EndReason.Aborted);
        _listener.Dispose();
        await Proxy.DisposeAsync();
    }
}
