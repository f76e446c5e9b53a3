using System.Net;
using System.Net.Sockets;
using Sluice.ProxyHost.Cli;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Hosting;

namespace Sluice.ProxyHost.Tests.Hosting;

public class HealthCheckTests
{
    [Fact(Timeout = 60_000)]
    public async Task It_is_zero_while_ready_and_one_when_nobody_answers()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo());
        Assert.Equal(ExitCode.Success, await AskAsync(new IPEndPoint(IPAddress.Loopback, daemon.Admin.Port)));
        Assert.Equal(ExitCode.Success, await HealthCheck.RunAsync(null, new Uri($"http://{daemon.Admin}/healthz"), TestContext.Current.CancellationToken));
        Assert.Equal(ExitCode.NotReady, await HealthCheck.RunAsync(null, new Uri($"http://{daemon.Admin}/nothing"), TestContext.Current.CancellationToken));
        await daemon.StopAsync();
        Assert.Equal(ExitCode.NotReady, await AskAsync(new IPEndPoint(IPAddress.Loopback, daemon.Admin.Port)));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_admin_endpoint_on_every_address_is_asked_on_the_loopback()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(AdminOn(new IPEndPoint(IPAddress.Any, 0)));
        Assert.Equal(ExitCode.Success, await AskAsync(new IPEndPoint(IPAddress.Any, daemon.Admin.Port)));
    }

    [Fact(Timeout = 60_000)]
    public async Task The_admin_endpoint_may_be_a_unix_socket_even_where_a_dead_one_was_left()
    {
        string path = Path.Combine(Path.GetTempPath(), $"sluice-{Guid.NewGuid():N}.sock");
        var address = new UnixDomainSocketEndPoint(path);
        LeaveBehind(address);
        await using (RunningDaemon daemon = await RunningDaemon.StartAsync(AdminOn(address)))
            Assert.Equal(ExitCode.Success, await AskAsync(address));
        Assert.False(File.Exists(path));
    }

    // As a process that was killed leaves it: the file is there and nobody listens.
    private static void LeaveBehind(UnixDomainSocketEndPoint address)
    {
        string path = address.ToString()!;
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(address);
            File.Move(path, path + ".kept");
        }

        File.Move(path + ".kept", path);
    }

    private static SluiceConfig AdminOn(EndPoint address) => Configs.Echo() with { Admin = new(new(address.ToString()!, address)) };

    private static Task<int> AskAsync(EndPoint admin) => HealthCheck.RunAsync(AdminOn(admin), null, TestContext.Current.CancellationToken);
}
