using System.Net.Sockets;
using Sluice.ProxyHost.Tests.Hosting;

namespace Sluice.ProxyHost.Tests.Upgrades;

public class SocketActivationTests
{
    // As systemd does it: the sockets from descriptor 3 on, and the process's own id.
    private const string Activate = """
        import os, socket, sys
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(("127.0.0.1", int(sys.argv[1]))); s.listen(64)
        os.dup2(s.fileno(), 3) if s.fileno() != 3 else os.set_inheritable(3, True)
        os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()), LISTEN_FDNAMES="front")
        os.execvp(sys.argv[2], sys.argv[2:])
        """;

    [Theory(Timeout = 60_000)]
    [InlineData("reactor")]
    [InlineData("sockets")]
    public async Task A_socket_that_the_supervisor_has_bound_is_used(string transport)
    {
        int port = DaemonTests.UnusedPort();
        await using DaemonProcess daemon = await DaemonProcess.StartAsync(
            more: $"runtime: {{ transport: {transport}, reactors: 2 }}", port: port, under: ["python3", "-c", Activate, $"{port}"]);
        Assert.DoesNotContain(daemon.Lines, line => line.Contains("inherited", StringComparison.Ordinal));
        for (int i = 0; i < 8; i++)
        {
            using Socket client = await daemon.ConnectAsync();
            await client.PingAsync();
        }
    }
}
