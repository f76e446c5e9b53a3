using System.Net.Sockets;
using System.Text;

namespace Sluice.ProxyHost.Tests.Hosting;

public class SystemdTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Systemd_is_told_of_readiness_and_of_stopping_and_the_log_keeps_its_format(string signal)
    {
        string path = Path.Combine(Path.GetTempPath(), $"sluice-notify-{Guid.NewGuid():N}");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(path));
        try
        {
            await using DaemonProcess daemon = await DaemonProcess.StartAsync(
                more: "log: { format: json }", environment: [("NOTIFY_SOCKET", path)]);
            Assert.Contains("READY=1", await NextAsync(systemd), StringComparison.Ordinal);
            Assert.All(daemon.Lines, line => Assert.StartsWith("{\"time\":", line, StringComparison.Ordinal));
            await daemon.SignalAsync(signal);
            Assert.Contains("STOPPING=1", await NextAsync(systemd), StringComparison.Ordinal);
            Assert.Equal(0, await daemon.ExitCodeAsync());
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task<string> NextAsync(Socket systemd)
    {
        byte[] datagram = new byte[1024];
        return Encoding.UTF8.GetString(datagram, 0, await systemd.ReceiveAsync(datagram, TestContext.Current.CancellationToken));
    }
}
