using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Sluice.ProxyHost.Tests.Hosting;
using Sluice.ProxyHost.Tests.Reloading;

namespace Sluice.ProxyHost.Tests.Upgrades;

/// <summary>Upgrades that are not the ordinary one, each under clients that connect, ask and close.</summary>
public sealed class UpgradeCasesTests : IDisposable
{
    private const int Timeout = 120_000;
    private const int Clients = 8;
    private const string Awaited = "a successor may come";
    private const string Begun = "a successor has come";
    private const string Leaves = "this daemon accepts no more and leaves";

    private readonly string _directory = Directory.CreateTempSubdirectory("sluice-upgrade-").FullName;
    private readonly EchoServer _upstream = new(); // not of a process that leaves

    public void Dispose()
    {
        _upstream.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("127.0.0.1", "reactors: 1", "reactors: 3")]
    [InlineData("127.0.0.1", "reactors: 3", "reactors: 1")]
    [InlineData("[::1]", "reactors: 2", "reactors: 2")]
    [InlineData("[::1]", "reactors: 3", "reactors: 2")]
    [InlineData("unix", "reactors: 2", "reactors: 2")]
    [InlineData("unix", "reactors: 1", "reactors: 3")]
    [InlineData("unix", "reactors: 3", "reactors: 1")]
    [InlineData("127.0.0.1", "reactors: 3", "reactors: 3, transport: sockets")]
    [InlineData("127.0.0.1", "reactors: 3, transport: sockets", "reactors: 3")]
    public async Task Whatever_the_address_and_however_many_reactors_nobody_is_refused_or_lost(string host, string before, string after)
    {
        (string text, EndPoint address) = AddressOn(host);
        await using DaemonProcess old = await StartAsync(before, $"- {{ name: front, listen: \"{text}\", cluster: back }}");
        await using var load = new ConnectLoad(address, Clients);
        await load.TwoRoundsAsync();
        await old.EditAsync(config => config.Replace(before, after, StringComparison.Ordinal));
        await using DaemonProcess next = await old.StartSuccessorAsync();
        await old.LineAsync(Leaves);
        Assert.Equal(0, await old.ExitCodeAsync());
        await load.TwoRoundsAsync();
        await load.StopAsync();
    }

    [Fact(Timeout = Timeout)]
    public async Task A_listener_that_the_new_file_does_not_have_is_left_and_one_that_only_it_has_is_bound()
    {
        (string kept, EndPoint keptAddress) = AddressOn("127.0.0.1");
        (string removed, EndPoint removedAddress) = AddressOn("127.0.0.1");
        (string added, EndPoint addedAddress) = AddressOn("127.0.0.1");
        await using DaemonProcess old = await StartAsync(
            "reactors: 2", $"- {{ name: kept, listen: \"{kept}\", cluster: back }}", $"- {{ name: leaving, listen: \"{removed}\", cluster: back }}");
        await using var load = new ConnectLoad(keptAddress, Clients);
        using Socket open = await ReloadTests.ConnectAsync(removedAddress);
        await open.PingAsync();
        await load.TwoRoundsAsync();
        await old.EditAsync(config => config.Replace("name: leaving", "name: added", StringComparison.Ordinal).Replace(removed, added, StringComparison.Ordinal));
        await using DaemonProcess next = await old.StartSuccessorAsync();
        await old.LineAsync(Leaves);
        await next.LineAsync(Awaited);
        await next.LineAsync($"the inherited socket {removed} is no address of this configuration"); // by no listener of its file
        await open.PingAsync();
        using (Socket client = await ReloadTests.ConnectAsync(addedAddress))
            await client.PingAsync();
        open.Shutdown(SocketShutdown.Send);
        Assert.Empty(await open.ReadToEndAsync());
        Assert.Equal(0, await old.ExitCodeAsync());
        SocketException refused = await Assert.ThrowsAsync<SocketException>(() => ReloadTests.ConnectAsync(removedAddress));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        await load.TwoRoundsAsync();
        await load.StopAsync();
    }

    [Theory(Timeout = Timeout)]
    [InlineData("127.0.0.1")]
    [InlineData("unix")]
    public async Task Where_the_old_process_is_killed_midway_only_what_it_had_accepted_is_lost(string host)
    {
        (string text, EndPoint address) = AddressOn(host);
        await using DaemonProcess old = await StartAsync("reactors: 2", $"- {{ name: front, listen: \"{text}\", cluster: back }}");
        await using var load = new ConnectLoad(address, Clients);
        await load.TwoRoundsAsync();
        await using DaemonProcess next = await old.StartSuccessorAsync(waits: false);
        await old.LineAsync(Begun);
        await old.SignalAsync("KILL");
        await old.ExitCodeAsync();
        await next.LineAsync("ready after");
        await next.LineAsync(Awaited);
        await load.TwoRoundsAsync();
        int lost = load.Lost; // one of each client at most: it was being served
        Assert.InRange(lost, 0, Clients);
        await load.TwoRoundsAsync();
        await load.StopAsync(lost);
    }

    // Takes all sockets as a successor does, and then lives on without ever being ready.
    private const string TakeAll = """
        import socket, sys, time
        u = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET); u.connect(sys.argv[1])
        held = []
        while True:
            word, fds, _, _ = socket.recv_fds(u, 256, 253)
            held += fds
            if word == b"end": break
        print(len(held), flush=True)
        time.sleep(3600)
        """;

    [Theory(Timeout = Timeout)]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    [InlineData("unix")]
    public async Task Where_the_new_process_is_killed_midway_the_old_one_goes_on_and_nobody_is_refused_or_lost(string host)
    {
        (string text, EndPoint address) = AddressOn(host);
        await using DaemonProcess old = await StartAsync("reactors: 2", $"- {{ name: front, listen: \"{text}\", cluster: back }}");
        await using var load = new ConnectLoad(address, Clients);
        await load.TwoRoundsAsync();
        using (Process next = Process.Start(new ProcessStartInfo("python3", ["-c", TakeAll, Path.Combine(_directory, "upgrade")]) { RedirectStandardOutput = true })!)
        {
            string taken = (await next.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!;
            Assert.Equal("3", taken); // one for each reactor, and the admin endpoint's
            await load.TwoRoundsAsync();
            next.Kill();
            await next.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await old.LineAsync("this daemon goes on");
        await load.TwoRoundsAsync();
        await SucceedAsync(old, load);
    }

    [Fact(Timeout = Timeout)]
    public async Task Where_the_new_process_cannot_start_the_old_one_goes_on_and_nobody_is_refused_or_lost()
    {
        (string text, EndPoint address) = AddressOn("127.0.0.1");
        using TcpListener taken = YamlConfigs.Listen(out int port);
        string added = $", {{ name: taken, listen: 127.0.0.1:{port}, cluster: back }}]";
        await using DaemonProcess old = await DaemonProcess.StartWithAsync(Config("reactors: 2").Replace("listeners:", $"listeners: [{{ name: front, listen: {text}, cluster: back }}]", StringComparison.Ordinal));
        await old.LineAsync(Awaited);
        await using var load = new ConnectLoad(address, Clients);
        await load.TwoRoundsAsync();
        await old.EditAsync(config => config.Replace("cluster: back }]", "cluster: back }" + added, StringComparison.Ordinal));
        await using (DaemonProcess next = await old.StartSuccessorAsync(waits: false))
            Assert.Equal(69, await next.ExitCodeAsync());
        await old.LineAsync("this daemon goes on");
        await load.TwoRoundsAsync();
        await old.EditAsync(config => config.Replace(added, "]", StringComparison.Ordinal));
        await SucceedAsync(old, load);
    }

    // What systemd is to a service with a socket unit: it keeps the socket, and every process that it starts gets the same.
    private const string Supervise = """
        import socket, sys
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        s.bind(("127.0.0.1", 0)); s.listen(4096)
        u = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        u.bind(sys.argv[1]); u.listen(8)
        print(s.getsockname()[1], flush=True)
        while True:
            c, _ = u.accept()
            socket.send_fds(c, [b"s"], [s.fileno()]); c.close()
        """;

    private const string Activate = """
        import os, socket, sys
        u = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM); u.connect(sys.argv[1])
        fd = socket.recv_fds(u, 1, 1)[1][0]
        if fd == 3: os.set_inheritable(3, True)
        else: os.dup2(fd, 3)
        os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()), LISTEN_FDNAMES="front")
        os.execvp(sys.argv[2], sys.argv[2:])
        """;

    [Fact(Timeout = Timeout)]
    public async Task Both_may_have_the_socket_from_the_supervisor_as_well()
    {
        string path = Path.Combine(_directory, "supervisor");
        using Process supervisor = Process.Start(new ProcessStartInfo("python3", ["-c", Supervise, path]) { RedirectStandardOutput = true })!;
        try
        {
            int port = int.Parse((await supervisor.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!, null);
            await using DaemonProcess old = await DaemonProcess.StartWithAsync(
                Config("reactors: 2", $"- {{ name: front, listen: \"127.0.0.1:{port}\", cluster: back }}"), "python3", "-c", Activate, path);
            await old.LineAsync(Awaited);
            await using var load = new ConnectLoad(new IPEndPoint(IPAddress.Loopback, port), Clients);
            await load.TwoRoundsAsync();
            await using DaemonProcess next = await old.StartSuccessorAsync(under: ["python3", "-c", Activate, path]);
            await old.LineAsync(Leaves);
            await next.LineAsync(Awaited);
            Assert.DoesNotContain(next.Lines, line => line.Contains("inherited socket", StringComparison.Ordinal));
            Assert.Equal(0, await old.ExitCodeAsync());
            await load.TwoRoundsAsync();
            await using DaemonProcess last = await next.StartSuccessorAsync(); // without it, from the one before alone
            await next.LineAsync(Leaves);
            Assert.Equal(0, await next.ExitCodeAsync());
            await load.TwoRoundsAsync();
            await load.StopAsync();
        }
        finally
        {
            supervisor.Kill();
            await supervisor.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    // And the next one is as welcome as ever.
    private static async Task SucceedAsync(DaemonProcess old, ConnectLoad load)
    {
        await using DaemonProcess next = await old.StartSuccessorAsync();
        await old.LineAsync(Leaves);
        Assert.Equal(0, await old.ExitCodeAsync());
        await load.TwoRoundsAsync();
        await load.StopAsync();
    }

    private async Task<DaemonProcess> StartAsync(string runtime, params string[] listeners)
    {
        DaemonProcess daemon = await DaemonProcess.StartWithAsync(Config(runtime, listeners));
        await daemon.LineAsync(Awaited);
        return daemon;
    }

    private string Config(string runtime, params string[] listeners) => $$"""
        runtime: { {{runtime}}, upgrade_socket: "unix:{{Path.Combine(_directory, "upgrade")}}", offload: "off" }
        log: { access: false }
        listeners:
          {{string.Join("\n  ", listeners)}}
        clusters: [{ name: back, endpoints: ["127.0.0.1:{{_upstream.Port}}"] }]
        """;

    private (string Text, EndPoint Address) AddressOn(string host)
    {
        if (host == "unix")
            return ($"unix:{_directory}/front", new UnixDomainSocketEndPoint($"{_directory}/front"));
        var address = new IPEndPoint(IPAddress.Parse(host), DaemonTests.UnusedPort());
        return ($"{host}:{address.Port}", address);
    }
}
