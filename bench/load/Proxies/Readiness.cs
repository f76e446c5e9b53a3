using System.Diagnostics;
using System.Text;
using Sluice.Load.Kernel;
using Sluice.Load.Traffic;

namespace Sluice.Load.Proxies;

/// <summary>Finds the moment from which a started program serves: the first message echoed through it.</summary>
internal static class Readiness
{
    private const int PollMs = 1;
    private static readonly TimeSpan GiveUp = TimeSpan.FromSeconds(15);

    /// <summary>Waits until a message comes back through the proxy; returns the time since the program was started.</summary>
    /// <exception cref="IOException">The program ended, or did not serve within 15 s; its output is in the message.</exception>
    public static TimeSpan WaitForEcho(IProxy proxy, ChildProcess process) => WaitFor(proxy, process, "echo", () => TryEcho(proxy.Ports.Echo));

    /// <summary>Waits until /readyz answers 200; returns the time since the program was started.</summary>
    /// <exception cref="IOException">As for the echo.</exception>
    public static TimeSpan WaitForReadyz(IProxy proxy, int adminPort, ChildProcess process) =>
        WaitFor(proxy, process, "answer /readyz with 200", () => TryReadyz(adminPort));

    private static TimeSpan WaitFor(IProxy proxy, ChildProcess process, string what, Func<bool> attempt)
    {
        using Epoll clock = new();
        while (!attempt())
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(process.StartedAt) > GiveUp)
                throw new IOException($"{proxy.Name} did not {what}. It said:\n{process.LastWords}");
            // A refused connection leaves no event to wait for; an empty epoll set is a millisecond's clock.
            clock.Wait(PollMs);
        }
        return Stopwatch.GetElapsedTime(process.StartedAt);
    }

    private static bool TryEcho(int port)
    {
        if (!TryDial(port, out TcpSocket socket))
            return false;
        bool echoed = Dialling.Echo(socket, phase: 0, size: 64) is null;
        socket.Close();
        return echoed;
    }

    private static bool TryReadyz(int port)
    {
        if (!TryDial(port, out TcpSocket socket))
            return false;
        socket.Send("GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8);
        using Epoll epoll = new();
        epoll.Add(socket.Fd, EpollEvents.In, 0);
        Span<byte> head = stackalloc byte[64];
        int received = epoll.Wait(1000) > 0 ? socket.Receive(head) : 0;
        socket.Close();
        return received > 0 && Encoding.ASCII.GetString(head[..received]).StartsWith("HTTP/1.1 200", StringComparison.Ordinal);
    }

    private static bool TryDial(int port, out TcpSocket socket)
    {
        socket = default;
        try
        {
            socket = Dialling.Connect(port);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
