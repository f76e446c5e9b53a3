using System.Diagnostics;
using System.Globalization;
using Sluice.Functional.Wire;
using Sluice.Programs.Processes;

namespace Sluice.Programs.Real;

/// <summary>A server of DNS for the zone <c>test</c>, whose hosts are read from a file and may change while it runs.</summary>
internal sealed class Dnsmasq : IAsyncDisposable
{
    private readonly Scratch _scratch;
    private readonly string[] _more;
    private Child? _child;

    private Dnsmasq(Scratch scratch, string[] more) => (_scratch, _more) = (scratch, more);

    /// <summary>Where it answers.</summary>
    public int Port { get; } = Ports.Free();

    /// <summary>Starts one and waits until it listens. It tells TTLs of a second.</summary>
    /// <param name="scratch">Where its file is.</param>
    /// <param name="hosts">Lines of hosts(5).</param>
    /// <param name="more">More options, such as records of services.</param>
    public static async Task<Dnsmasq> StartAsync(Scratch scratch, string hosts, params string[] more)
    {
        var server = new Dnsmasq(scratch, more);
        await scratch.WriteAsync("hosts", hosts);
        await server.StartAsync();
        return server;
    }

    /// <summary>Runs it again after <see cref="StopAsync"/>.</summary>
    public async Task StartAsync()
    {
        _child = new Child(Installed.Require("dnsmasq"),
        [
            "--keep-in-foreground", "--log-facility=-", "--conf-file=/dev/null", "--pid-file=", "--user=root", "--no-resolv", "--no-hosts", "--local=/test/",
            "--local-ttl=1", "--listen-address=127.0.0.1", "--bind-interfaces", $"--port={Port}", $"--addn-hosts={_scratch.File("hosts")}", .. _more,
        ]);
        // It listens for TCP as well.
        await _child.UntilListeningAsync(Port);
    }

    /// <summary>Says other addresses from now on.</summary>
    public async Task ChangeAsync(string hosts)
    {
        await _scratch.WriteAsync("hosts", hosts);
        using Process kill = Process.Start("kill", ["-HUP", _child!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(Deadline.Token);
    }

    /// <summary>Nobody answers any more.</summary>
    public async Task StopAsync()
    {
        if (_child is not null)
            await _child.DisposeAsync();
        _child = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}
