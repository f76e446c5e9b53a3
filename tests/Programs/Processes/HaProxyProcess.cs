using System.Net;
using Sluice.Functional.Wire;

namespace Sluice.Programs.Processes;

/// <summary>Debian's HAProxy in TCP mode in front of one upstream.</summary>
internal sealed class HaProxyProcess : IAsyncDisposable
{
    private readonly Child _child;
    private readonly string _config;

    private HaProxyProcess(Child child, string config, IPEndPoint endPoint) => (_child, _config, EndPoint) = (child, config, endPoint);

    public IPEndPoint EndPoint { get; }

    /// <param name="upstream">Where it goes.</param>
    /// <param name="server">More words of its server line.</param>
    /// <param name="bind">More words of its bind line.</param>
    public static async Task<HaProxyProcess> StartAsync(EndPoint upstream, string server = "", string bind = "")
    {
        int port = Ports.Free();
        string config = Path.Combine(Path.GetTempPath(), $"sluice-haproxy-{Environment.ProcessId}-{port}.cfg");
        await File.WriteAllTextAsync(config, $"""
            global
                maxconn 1000
            defaults
                mode tcp
                timeout connect 10s
                timeout client 1h
                timeout server 1h
            listen test
                bind 127.0.0.1:{port} {bind}
                server one {upstream} {server}

            """, Deadline.Token);
        var child = new Child(Installed.Require("haproxy"), ["-db", "-f", config]);
        // Connecting would open a connection to the upstream, which the first scenario would take for its own.
        await child.UntilAsync(() => File.ReadLines("/proc/net/tcp").Any(line => line.Contains($":{port:X4} 00000000:0000 0A", StringComparison.Ordinal)), "listening");
        return new HaProxyProcess(child, config, new IPEndPoint(IPAddress.Loopback, port));
    }

    public async ValueTask DisposeAsync()
    {
        await _child.DisposeAsync();
        File.Delete(_config);
    }
}
