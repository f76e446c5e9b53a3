using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Sluice.Functional.Wire;
using Sluice.Programs.Processes;
using Sluice.Programs.Real;

namespace Sluice.Programs.Examples;

/// <summary>https-by-sni.yaml with nginx and curl: three sites with a certificate each.</summary>
public sealed class HttpsBySniTests
{
    [Fact(Timeout = 120_000)]
    public async Task TheNameChoosesTheSiteAndSilenceTheDefault()
    {
        string curl = Installed.Require("curl");
        using var scratch = new Scratch();
        (int www, int api, int grpc) = (Ports.Free(), Ports.Free(), Ports.Free());
        Certificate certificate = await Certificate.CreateAsync(scratch, "api.example.com"), other = await Certificate.CreateAsync(scratch, "www.example.com");
        await using Child nginx = await Nginx.StartAsync(
            scratch, grpc, Nginx.Named("www", www, other) + Nginx.Named("api", api, certificate) + Nginx.Named("grpc", grpc, certificate));
        int port = Ports.Free();
        await using SluiceProcess sluice = await SluiceProcess.StartExampleAsync(
            "https-by-sni.yaml",
            ("HTTPS_LISTEN", $"127.0.0.1:{port}"),
            ("WWW_ENDPOINT", $"127.0.0.1:{www}"),
            ("API_ENDPOINT", $"127.0.0.1:{api}"),
            ("GRPC_ENDPOINT", $"127.0.0.1:{grpc}"));
        Task<string> GetAsync(string host, params string[] options) =>
            Child.RunAsync(curl, ["-sSf", "--connect-to", $"::127.0.0.1:{port}", .. options, $"https://{host}/"]);

        Assert.Equal("api\n", await GetAsync("api.example.com", "--cacert", certificate.File));
        Assert.Equal("www\n", await GetAsync("www.example.com", "--cacert", other.File));
        Assert.Equal("api\n", await GetAsync("v2.API.example.com", "--insecure"));
        Assert.Equal("www\n", await GetAsync("unknown.example.net", "--insecure"));
        Assert.Equal("www\n", await Child.RunAsync(curl, "-sSf", "--insecure", $"https://127.0.0.1:{port}/"));
        Assert.Equal("grpc\n", await GetAsync("a.grpc.example.com", "--insecure", "--http2"));
        Assert.Equal("www\n", await GetAsync("a.grpc.example.com", "--insecure", "--http1.1"));
        await sluice.LoggedAsync("-> https -> api (api) 127.0.0.1", ": completed");
        await sluice.LoggedAsync("-> https -> grpc (grpc) 127.0.0.1", ": completed");
        await sluice.LoggedAsync("-> https -> www 127.0.0.1", ": completed");

        await ASilentClientReachesTheDefaultAsync(sluice, port);
    }

    private static async Task ASilentClientReachesTheDefaultAsync(SluiceProcess sluice, int port)
    {
        using Socket silent = await Sockets.DialAsync(Watching.Loopback(port));
        await sluice.ConnectionsAsync(all => State(all) == "connecting");
        JsonElement connection = (await sluice.ConnectionsAsync(all => State(all) == "open")).Single();
        Assert.Equal("www", connection.GetProperty("cluster").GetString());
        Assert.False(connection.TryGetProperty("route", out JsonElement route) && route.ValueKind != JsonValueKind.Null, "it was silent");

        // Too late to be routed by its name: the handshake is made with the default site.
        X509Certificate? shown = null;
        await using var tls = new SslStream(new NetworkStream(silent), false, (_, certificate, _, _) => (shown = certificate) is not null);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "api.example.com" }, Deadline.Token);
        Assert.Equal("CN=www.example.com", shown!.Subject);
    }

    private static string? State(JsonElement[] connections) => connections.Length == 1 ? connections[0].GetProperty("state").GetString() : null;
}
