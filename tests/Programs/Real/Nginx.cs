using Sluice.Programs.Processes;

namespace Sluice.Programs.Real;

/// <summary>nginx as one process that serves HTTP.</summary>
internal static class Nginx
{
    /// <summary>Starts one and waits until it listens.</summary>
    /// <param name="scratch">Where its files are.</param>
    /// <param name="port">The port it is known to be up by.</param>
    /// <param name="servers">The server blocks.</param>
    public static async Task<Child> StartAsync(Scratch scratch, int port, string servers)
    {
        string config = await scratch.WriteAsync("nginx.conf", $$"""
            daemon off;
            master_process off;
            worker_processes 1;
            pid {{scratch.File("pid")}};
            events { worker_connections 512; }
            http {
                access_log off;
                client_body_temp_path {{scratch.File("body")}};
                proxy_temp_path {{scratch.File("proxy")}};
                fastcgi_temp_path {{scratch.File("fastcgi")}};
                uwsgi_temp_path {{scratch.File("uwsgi")}};
                scgi_temp_path {{scratch.File("scgi")}};
                client_max_body_size 1g;
                {{servers}}
            }
            """);
        var nginx = new Child(Installed.Require("nginx"), ["-c", config, "-e", scratch.File("error.log")]);
        await nginx.UntilListeningAsync(port);
        return nginx;
    }

    /// <summary>A server block that answers every request with its name, over TLS if it has a certificate.</summary>
    public static string Named(string name, int port, Certificate? certificate = null) => $$"""
        server {
            listen 127.0.0.1:{{port}}{{(certificate is null ? "" : " ssl http2")}};
            {{(certificate is null ? "" : $"ssl_certificate {certificate.File}; ssl_certificate_key {certificate.Key};")}}
            location / { return 200 "{{name}}\n"; }
        }
        """;
}
