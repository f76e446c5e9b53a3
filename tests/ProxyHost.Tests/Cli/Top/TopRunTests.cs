using System.Net;
using System.Net.Sockets;
using Sluice.ProxyHost.Cli;
using Sluice.ProxyHost.Cli.Top;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Hosting;
using Sluice.ProxyHost.Tests.Hosting;
using Sluice.ProxyHost.Tests.Reloading;

namespace Sluice.ProxyHost.Tests.Cli.Top;

/// <summary>`sluice top --once` in front of running daemons.</summary>
public sealed class TopRunTests : IDisposable
{
    private const int Timeout = 60_000;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Fact(Timeout = Timeout)]
    public async Task Once_prints_what_there_is_without_a_control_character()
    {
        int closed = DaemonTests.UnusedPort();
        SluiceConfig config = Configs.Echo();
        config = config with
        {
            Listeners = [.. config.Listeners, Configs.Listener("broken", "gone")],
            Clusters = [.. config.Clusters, Configs.Cluster("gone", attempts: 1, endpoints: Configs.Ip(closed))],
        };
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(config);
        using Socket client = await daemon.ConnectAsync();
        await client.PingAsync();
        await ReloadTests.RefusedAsync(daemon.AddressOf("broken"));
        await daemon.UntilLiveAsync(live => live.AbnormalEnds.Count == 1 && live.OpenConnections == 1);

        Assert.Equal(ExitCode.Success, await RunAsync(AdminAddress.Of(new Uri($"http://{daemon.Admin}"))));
        Assert.Equal("", _error.ToString());
        string text = _output.ToString();
        Assert.DoesNotContain(text, c => char.IsControl(c) && c != '\n');
        Assert.StartsWith("sluice ", text, StringComparison.Ordinal);
        Assert.Contains($"{client.LocalEndPoint}  front     builtin:echo  open ", text, StringComparison.Ordinal);
        Assert.Matches($@"127\.0\.0\.1:{closed} +gone +. healthy +0 +0/s +0/s +1\n", text);
        Assert.Matches($@"connect_failed  ECONNREFUSED  127\.0\.0\.1:\d+ +broken    127\.0\.0\.1:{closed}", text);
        Assert.Contains("Since the start: connect_failed 1.", text, StringComparison.Ordinal);
        // Nothing happened between the two answers, and that is known.
        Assert.Matches(@"From clients +0 B/s\n", text);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_unix_socket_is_watched_by_its_path_or_by_the_configuration()
    {
        string path = Path.Combine(Path.GetTempPath(), $"sluice-{Guid.NewGuid():N}");
        SluiceConfig config = Configs.Echo();
        config = config with { Admin = config.Admin with { Listen = new($"unix:{path}", new UnixDomainSocketEndPoint(path)) } };
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(config);
        Assert.Equal(ExitCode.Success, await RunAsync(AdminAddress.Of(config.Admin)));
        Assert.Contains("front ", _output.ToString(), StringComparison.Ordinal);
        _output.GetStringBuilder().Clear();
        Assert.Equal(ExitCode.Success, await InvokeAsync("top", "--once", "--interval", "100ms", "--url", $"unix:{path}"));
        Assert.Contains("front ", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task Where_nobody_answers_the_reason_is_told_and_the_exit_code()
    {
        var nobody = new IPEndPoint(IPAddress.Loopback, DaemonTests.UnusedPort());
        Assert.Equal(ExitCode.Unavailable, await InvokeAsync("top", "--once", "--url", $"http://{nobody}"));
        Assert.Equal($"sluice: http://{nobody}/: Connection refused\n", _error.ToString());
        Assert.Equal("", _output.ToString());
    }

    [Fact(Timeout = Timeout)]
    public async Task Something_else_that_answers_is_told_apart()
    {
        // Of a daemon's own listener an echo comes back, which is no HTTP.
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo());
        Assert.Equal(ExitCode.Unavailable, await RunAsync(AdminAddress.Of(new Uri($"http://{daemon.EndPoint}"))));
        Assert.StartsWith($"sluice: http://{daemon.EndPoint}/: ", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("write something like http://127.0.0.1:9901 or unix:/", "top", "--url", "https://127.0.0.1:9901")]
    [InlineData("is not a unix socket address; write unix:/absolute/path", "top", "--url", "unix:relative")]
    [InlineData("`5` has no unit; write 5s", "top", "--interval", "5")]
    [InlineData("it may be 100ms to 1h", "top", "--interval", "1ms")]
    public async Task Misuse_is_told_with_what_would_be_right(string said, params string[] args)
    {
        Assert.Equal(ExitCode.Usage, await InvokeAsync(args));
        Assert.Contains(said, _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_that_cannot_be_read_is_told_as_by_the_other_commands()
    {
        Assert.Equal(ExitCode.NoInput, await InvokeAsync("top", "/nowhere/sluice.yaml"));
        Assert.Contains("/nowhere/sluice.yaml", _error.ToString(), StringComparison.Ordinal);
    }

    private Task<int> RunAsync(AdminAddress admin) =>
        TopRun.RunAsync(new(admin, TimeSpan.FromMilliseconds(100), Once: true), new(_output, _error), TestContext.Current.CancellationToken);

    private Task<int> InvokeAsync(params string[] args) => SluiceCli.InvokeAsync(
        args, new CliActions((_, _, _) => Task.FromResult(-1), (_, _, _) => Task.FromResult(-1)), _output, _error, TestContext.Current.CancellationToken);
}
