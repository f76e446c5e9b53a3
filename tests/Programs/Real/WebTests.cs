using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Sluice.Programs.Processes;

namespace Sluice.Programs.Real;

/// <summary>nginx with curl and wrk: keep-alive, downloads larger than any buffer, uploads.</summary>
public sealed partial class WebTests
{
    private const int FileBytes = 64 << 20;

    [Fact(Timeout = 180_000)]
    public async Task CurlFetchesTheSameFileAndWrkSeesNoError()
    {
        string curl = Installed.Require("curl"), wrk = Installed.Require("wrk");
        using var scratch = new Scratch();
        byte[] content = RandomNumberGenerator.GetBytes(FileBytes);
        await File.WriteAllBytesAsync(scratch.File("large"), content, TestContext.Current.CancellationToken);
        await scratch.WriteAsync("small", "small\n");
        int port = Ports.Free();
        string upstream = $"127.0.0.1:{port}";
        await using var nginx = new Child(Installed.Require("nginx"), ["-c", await WriteConfigAsync(scratch, port), "-e", scratch.File("error.log")]);
        await nginx.UntilListeningAsync(port);
        await using SluiceProcess sluice = await SluiceProcess.StartAsync([upstream]);
        string through = $"http://{sluice.To(upstream)}";

        await RunAsync(curl, "-sSf", "-o", scratch.File("got"), $"{through}/large");
        Assert.Equal(
            Convert.ToHexString(SHA256.HashData(content)),
            Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(scratch.File("got"), TestContext.Current.CancellationToken))));

        await RunAsync(curl, "-sSf", "-T", scratch.File("large"), $"{through}/put/large");
        Assert.Equal(content, await File.ReadAllBytesAsync(scratch.File("put/large"), TestContext.Current.CancellationToken));

        string report = await RunAsync(wrk, "-t", "1", "-c", "64", "-d", "3s", $"{through}/small");
        Assert.DoesNotContain("Socket errors", report, StringComparison.Ordinal);
        Assert.DoesNotContain("Non-2xx", report, StringComparison.Ordinal);
        Assert.True(int.Parse(Requests().Match(report).Groups[1].Value) > 100, report);
    }

    private static Task<string> WriteConfigAsync(Scratch scratch, int port)
    {
        Directory.CreateDirectory(scratch.File("put"));
        return scratch.WriteAsync("nginx.conf", $$"""
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
                server {
                    listen 127.0.0.1:{{port}};
                    root {{scratch.Root}};
                    location /put/ { dav_methods PUT; }
                }
            }
            """);
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        await using var child = new Child(program, arguments);
        return await child.SucceedAsync();
    }

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex Requests();
}
