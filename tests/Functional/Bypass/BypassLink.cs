using System.Net;
using System.Net.Sockets;
using Sluice.Functional.Proxy;
using Sluice.Functional.Wire;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Splicing.Bypass;
using Sluice.Redirect.Transports;
using Sluice.Redirect.Verdicts;

namespace Sluice.Functional;

/// <summary>A <see cref="Proxy.Link"/> on one reactor whose ends send past the proxy.</summary>
internal sealed class BypassLink : IAsyncDisposable
{
    private const int MostExchanges = 200;

    private readonly Link _link;
    private readonly ReactorTransport _transport;

    private BypassLink(Link link, ReactorTransport transport, BypassEngine engine) => (_link, _transport, Engine) = (link, transport, engine);

    public Socket Client => _link.Client;

    public Socket Server => _link.Server;

    public SplicePair Pair => _link.Pair;

    public ByteMeter Meter => _link.Proxy.Meter;

    /// <summary>Bytes that each side has sent by <see cref="ExchangeAsync"/>, which may be counted a second later.</summary>
    public long Exchanged { get; private set; }

    public BypassEngine Engine { get; }

    /// <summary>The reactor's maps; null where it has not needed any.</summary>
    public ReactorBypass? Maps => _transport.Bypasses.Bypasses[0];

    public bool IsBypassed => (Pair.PathFromClient, Pair.PathFromUpstream) == (DataPath.Bypass, DataPath.Bypass);

    /// <summary>Opens it and talks until both directions go past the proxy. Buffer sizes of 0 leave the kernel's.</summary>
    public static async Task<BypassLink> OpenAsync(
        SpliceLimits? limits = null, EndPoint? near = null, EndPoint? far = null, int sendBuffer = 0, int receiveBuffer = 0, bool useIngress = false)
    {
        BypassLink link = await OpenOrdinaryAsync(limits, near, far, sendBuffer, receiveBuffer, useIngress: useIngress);
        await link.ExchangeAsync(() => link.IsBypassed);
        Assert.True(link.IsBypassed, "it was not promoted");
        return link;
    }

    /// <summary>Opens it; nothing has been sent.</summary>
    public static async Task<BypassLink> OpenOrdinaryAsync(
        SpliceLimits? limits = null, EndPoint? near = null, EndPoint? far = null, int sendBuffer = 0, int receiveBuffer = 0,
        SpliceMaps? maps = null, IVerdictObserver? observer = null, BypassOptions? options = null, bool useIngress = false)
    {
        ReactorTransport? transport = null;
        BypassEngine? engine = null;
        Link link = await Link.OpenAsync(limits, near, far, sendBuffer, receiveBuffer, maps: maps, observer: observer, transport: () =>
            transport = BypassUnderTest.CreateTransport(options ?? new BypassOptions { ReadsBefore = 4, UseIngress = useIngress }, out engine, new ReactorTransportOptions { Reactors = 1 }));
        var opened = new BypassLink(link, transport!, engine!);
        opened.Client.Blocking = opened.Server.Blocking = false;
        return opened;
    }

    /// <summary>Requests and answers of a byte, until <paramref name="isEnough"/>, or so many.</summary>
    public async Task ExchangeAsync(Func<bool> isEnough, int most = MostExchanges)
    {
        byte[] message = [42];
        for (int i = 0; i < most && !isEnough(); i++, Exchanged++)
        {
            await Client.SendAllAsync(message);
            Assert.Equal(message, await Server.ReceiveExactlyAsync(1));
            await Server.SendAllAsync(message);
            Assert.Equal(message, await Client.ReceiveExactlyAsync(1));
        }
    }

    /// <summary>Runs something on the connection's reactor, which does nothing else meanwhile.</summary>
    public Task OnReactorAsync(Action action) => _transport.Reactors[0].InvokeAsync(() =>
    {
        action();
        return Task.FromResult(true);
    }).OrHung("the reactor");

    public Task<SpliceResult> ResultAsync() => _link.ResultAsync();

    public ValueTask DisposeAsync() => _link.DisposeAsync();
}
