using System.Diagnostics;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Listeners;
using Sluice.ProxyHost.Logging;
using Sluice.ProxyHost.Telemetry;
using Sluice.ProxyHost.Upgrades;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing.Bypass;
using Sluice.Redirect.Splicing.Kernel;
using Sluice.Redirect.Transports;

namespace Sluice.ProxyHost.Hosting;

/// <summary>From the configuration's word to a transport.</summary>
internal sealed class TransportFactory(RuntimeConfig config, StartSockets start, AcceptFailures failures, ProxyMetrics metrics, ILogger<TransportFactory> log)
{
    private Action<KernelEngine>? _offload;
    private Action<BypassEngine>? _bypass;

    /// <summary>The transport that carries proxied connections; its threads start with it.</summary>
    public ITransport Create() => config.Transport switch
    {
        TransportKind.Reactor => CreateReactors(),
        TransportKind.Sockets => new SocketsTransport(failures.Report, inherited: start.Inherited),
        _ => throw new UnreachableException($"no transport for {config.Transport}"),
    };

    /// <summary>Lets the reactors give new connections to the kernel. Once, and not without reactors.</summary>
    public void Offload(KernelEngine engine) => _offload!(engine);

    /// <summary>Lets applications on this host send past the reactors. Likewise.</summary>
    public void Bypass(BypassEngine engine) => _bypass!(engine);

    private ReactorTransport CreateReactors()
    {
        var transport = new ReactorTransport(
            new ReactorTransportOptions
            {
                Reactors = config.Reactors,
                BufferMemory = config.BufferMemory,
                UseSplice = config.Splice != SpliceMode.Off,
                Inherited = start.Inherited,
                AcceptFailed = failures.Report,
                UnhandledException = log.ReactorDefect,
            },
            offloadFailed: (errno, verifier) => log.OffloadUnavailable(errno, verifier));
        (_offload, _bypass) = (transport.Offload, transport.Bypass);
        metrics.Observe(transport.Reactors);
        return transport;
    }
}
