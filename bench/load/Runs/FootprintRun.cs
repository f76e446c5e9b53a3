using System.Diagnostics;
using Sluice.Load.Accounting;
using Sluice.Load.Kernel;
using Sluice.Load.Proxies;
using Sluice.Load.Traffic;

namespace Sluice.Load.Runs;

/// <summary>Measures start-up time and memory: idle, with thousands of idle connections, and after they have gone.</summary>
internal sealed class FootprintRun(int connections, int starts)
{
    private const int SettleMs = 5000;
    private const int MessageSize = 512;
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(20);

    public Footprint Run(IProxy proxy)
    {
        List<double> echoes = [], readies = [];
        for (int i = 1; i < starts; i++)
            StartTimed(proxy, echoes, readies).Dispose();
        using ChildProcess process = StartTimed(proxy, echoes, readies);

        Settle();
        int idleDescriptors = ProcessMemory.CountDescriptors(process.Pids);
        ProcessMemory idle = ProcessMemory.Read(process.Pids);
        TcpSocket[] sockets = Open(proxy);
        Settle();
        ProcessMemory connected = ProcessMemory.Read(process.Pids);
        foreach (TcpSocket socket in sockets)
            socket.Close();
        WaitForDescriptors(process, idleDescriptors);
        Settle();
        return new Footprint(
            proxy.Name,
            Median.Of(echoes),
            readies.Count > 0 ? Median.Of(readies) : null,
            idle,
            connections,
            connected,
            ProcessMemory.Read(process.Pids),
            idleDescriptors,
            ProcessMemory.CountDescriptors(process.Pids));
    }

    private static ChildProcess StartTimed(IProxy proxy, List<double> echoes, List<double> readies)
    {
        ChildProcess process = proxy.Start() ?? throw new ArgumentException($"{proxy.Name} is no process.", nameof(proxy));
        echoes.Add(Readiness.WaitForEcho(proxy, process).TotalMilliseconds);
        if (proxy.AdminPort is int port)
            readies.Add(Readiness.WaitForReadyz(proxy, port, process).TotalMilliseconds);
        return process;
    }

    /// <summary>Each connection echoes once: it is known to reach the server, and what it needed for that must have gone back.</summary>
    private TcpSocket[] Open(IProxy proxy)
    {
        TcpSocket[] sockets = new TcpSocket[connections];
        for (int i = 0; i < connections; i++)
        {
            sockets[i] = Dialling.Connect(proxy.Ports.Echo);
            if (Dialling.Echo(sockets[i], i % 251, MessageSize) is string error)
                throw new IOException($"Connection {i + 1} of {connections} through {proxy.Name}: {error}.");
        }
        return sockets;
    }

    private static void WaitForDescriptors(ChildProcess process, int atMost)
    {
        using Epoll clock = new();
        long start = Stopwatch.GetTimestamp();
        while (ProcessMemory.CountDescriptors(process.Pids) > atMost && Stopwatch.GetElapsedTime(start) < CloseTimeout)
            clock.Wait(50);
    }

    /// <summary>Idle is a matter of time: an empty epoll set lets it pass.</summary>
    private static void Settle()
    {
        using Epoll clock = new();
        clock.Wait(SettleMs);
    }
}
