using System.Net;
using System.Text.RegularExpressions;
using Sluice.Programs.Processes;
using Sluice.Programs.Real;

namespace TcpProxyConformance.Tests.Proxies;

/// <summary>nginx's stream module as one process in front of one upstream.</summary>
internal sealed partial class NginxStream : IAsyncDisposable
{
    private readonly Scratch _scratch = new();
    private Child? _child;

    private NginxStream()
    {
    }

    public IPEndPoint EndPoint { get; private init; } = new(IPAddress.Loopback, Ports.Free());

    /// <param name="upstream">Where it goes.</param>
    /// <param name="more">More directives of its server block.</param>
    public static async Task<NginxStream> StartAsync(EndPoint upstream, string more)
    {
        string nginx = Installed.Require("nginx");
        var stream = new NginxStream();
        string config = await stream._scratch.WriteAsync("nginx.conf", $$"""
            {{await LoadModuleAsync(nginx)}}
            daemon off;
            master_process off;
            pid {{stream._scratch.File("pid")}};
            events { worker_connections 2000; }
            stream {
                access_log off;
                server { listen {{stream.EndPoint}}; proxy_pass {{upstream}}; {{more}} }
            }
            """);
        stream._child = new Child(nginx, ["-c", config, "-e", stream._scratch.File("error.log")]);
        await stream._child.UntilListeningAsync(stream.EndPoint.Port);
        return stream;
    }

    public async ValueTask DisposeAsync()
    {
        if (_child is not null)
            await _child.DisposeAsync();
        _scratch.Dispose();
    }

    // Distributions build the stream module in, or as a module of its own.
    private static async Task<string> LoadModuleAsync(string nginx)
    {
        string build = await Child.RunAsync(nginx, "-V");
        return build.Contains("--with-stream=dynamic", StringComparison.Ordinal) && ModulesPath().Match(build) is { Success: true } path
            ? $"load_module {path.Groups[1].Value}/ngx_stream_module.so;"
            : "";
    }

    [GeneratedRegex(@"--modules-path=(\S+)")]
    private static partial Regex ModulesPath();
}
