using System.Text.RegularExpressions;

namespace Sluice.Load.Proxies;

/// <summary>nginx's stream module with one worker; optionally with a larger buffer than its 16 KiB.</summary>
internal sealed partial class NginxProxy(string name, string directory, ServicePorts servers, ServicePorts ports, int? bufferSize = null)
    : ConfiguredProxy(name, "nginx", directory, servers, ports)
{
    public override string? Version => ProgramVersion.Of("nginx", "-v");

    protected override string Extension => "conf";

    protected override string Configuration => $$"""
        {{LoadStreamModule()}}
        daemon off;
        pid {{Name}}.pid;
        error_log stderr error;
        worker_processes 1;
        worker_rlimit_nofile 20000;
        events {
          worker_connections 19000;
          multi_accept on;
        }
        stream {
          access_log off;
          proxy_timeout 1h;
          proxy_half_close on;
          {{(bufferSize is int size ? $"proxy_buffer_size {size};" : "")}}
          {{EachService("server { listen 127.0.0.1:{own} backlog=4096; proxy_pass 127.0.0.1:{server}; }")}}
        }

        """;

    protected override IEnumerable<string> Arguments(string configurationPath) =>
        ["-e", "stderr", "-p", Path.GetDirectoryName(configurationPath)!, "-c", configurationPath];

    /// <summary>Distributions build the stream module in, or as a module of its own.</summary>
    private static string LoadStreamModule()
    {
        string build = ProgramOutput.Of("nginx", "-V") ?? "";
        Match modules = ModulesPath().Match(build);
        return build.Contains("--with-stream=dynamic", StringComparison.Ordinal) && modules.Success
            ? $"load_module {modules.Groups[1].Value}/ngx_stream_module.so;"
            : "";
    }

    [GeneratedRegex(@"--modules-path=(\S+)")]
    private static partial Regex ModulesPath();
}
