using System.Net;
using Sluice.Redirect.Transports;

namespace Sluice.Redirect.Reactors;

/// <summary>How a reactor transport is set up.</summary>
public sealed record ReactorTransportOptions
{
    /// <summary>Number of reactors, 1 to 256. Default: the cores this process may use.</summary>
    public int Reactors { get; init; } = Environment.ProcessorCount;

    /// <summary>Bytes that all connections together may hold for slow readers, shared equally among reactors. Default 64 MiB.</summary>
    public long BufferMemory { get; init; } = 64 * 1024 * 1024;

    /// <summary>Whether long streams may go through splice(2). Default true.</summary>
    public bool UseSplice { get; init; } = true;

    /// <summary>Connections that may wait to be accepted; the kernel lowers it to net.core.somaxconn. Default 4,096.</summary>
    public int Backlog { get; init; } = 4096;

    /// <summary>Sockets to use for the addresses they listen on; null: there are none.</summary>
    public InheritedSockets? Inherited { get; init; }

    /// <summary>Hears of accepts that failed, with the listening endpoint, on a reactor's thread: keep it short.</summary>
    public Action<EndPoint, Errno>? AcceptFailed { get; init; }

    /// <summary>Hears of exceptions that nothing else caught, on a reactor's thread. Each is a defect; the reactor goes on.</summary>
    public Action<Exception>? UnhandledException { get; init; }
}
