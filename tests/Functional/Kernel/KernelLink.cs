using System.Net.Sockets;
using Sluice.Functional.Proxy;
using Sluice.Functional.Wire;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Splicing.Kernel;
using Sluice.Redirect.Transports;

namespace Sluice.Functional;

/// <summary>A <see cref="Proxy.Link"/> on one reactor that the kernel carries both ways, with a look at its record.</summary>
internal sealed class KernelLink : IAsyncDisposable
{
    private readonly Link _link;
    private readonly ReactorTransport _transport;

    private KernelLink(Link link, ReactorTransport transport, KernelEngine engine) => (_link, _transport, Engine) = (link, transport, engine);

    public Socket Client => _link.Client;

    public Socket Server => _link.Server;

    public SplicePair Pair => _link.Pair;

    public KernelEngine Engine { get; }

    /// <summary>The reactor's maps.</summary>
    public ReactorOffload Maps => ((KernelSplicer)_transport.Splicer).Offloads[0]!;

    /// <summary>What keeps the connection in the kernel.</summary>
    public PairOffload Offload => Maps.Table.PairOf(0)!;

    /// <summary>Opens it and waits until the kernel carries it both ways. Buffer sizes of 0 leave the kernel's.</summary>
    public static async Task<KernelLink> OpenAsync(
        OffloadOptions? options = null, SpliceLimits? limits = null, int sendBuffer = 0, int receiveBuffer = 0)
    {
        ReactorTransport? transport = null;
        KernelEngine? engine = null;
        Link link = await Link.OpenAsync(limits, sendBuffer: sendBuffer, receiveBuffer: receiveBuffer, transport: () =>
            transport = KernelUnderTest.CreateTransport(
                (options ?? new OffloadOptions()) with { ReadsBefore = 1 }, out engine, new ReactorTransportOptions { Reactors = 1 }));
        var opened = new KernelLink(link, transport!, engine!);
        await opened.UntilCarriedAsync();
        return opened;
    }

    /// <summary>Waits until the kernel carries both directions.</summary>
    public Task UntilCarriedAsync() => Deadline.UntilAsync(
        () => (Pair.PathFromClient, Pair.PathFromUpstream) == (DataPath.Sockmap, DataPath.Sockmap), () => "the kernel to carry both directions");

    /// <summary>Runs something on the connection's reactor, which does nothing else meanwhile.</summary>
    public Task OnReactorAsync(Action action) => _transport.Reactors[0].InvokeAsync(() =>
    {
        action();
        return Task.FromResult(true);
    }).OrHung("the reactor");

    public Task<SpliceResult> ResultAsync() => _link.ResultAsync();

    public ValueTask DisposeAsync() => _link.DisposeAsync();
}
