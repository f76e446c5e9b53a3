using Sluice.Programs.Processes;

namespace Sluice.Programs.Real;

/// <summary>openssl s_client through the daemon to openssl s_server: TLS that the daemon cannot read.</summary>
public sealed class TlsTests
{
    [Fact(Timeout = 120_000)]
    public async Task AHandshakeAndAPageComeThrough()
    {
        string openssl = Installed.Require("openssl"), curl = Installed.Require("curl");
        using var scratch = new Scratch();
        (string key, string certificate) = (scratch.File("key.pem"), scratch.File("certificate.pem"));
        await RunAsync(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate);
        await scratch.WriteAsync("page", new string('x', 1_000_000));

        int port = Ports.Free();
        string upstream = $"127.0.0.1:{port}";
        await using var server = new Child(
            openssl, ["s_server", "-accept", $"127.0.0.1:{port}", "-key", key, "-cert", certificate, "-WWW", "-quiet"], scratch.Root);
        await server.UntilListeningAsync(port);
        await using SluiceProcess sluice = await SluiceProcess.StartAsync([upstream]);
        int through = sluice.To(upstream).Port;

        string handshake = await RunAsync(openssl, "s_client", "-connect", $"127.0.0.1:{through}", "-CAfile", certificate,
            "-servername", "localhost", "-verify_return_error");
        Assert.Contains("Verify return code: 0 (ok)", handshake, StringComparison.Ordinal);
        string page = await RunAsync(curl, "-sSf", "--http1.0", "--cacert", certificate, "--resolve", $"localhost:{through}:127.0.0.1", $"https://localhost:{through}/page");
        Assert.Equal(new string('x', 1_000_000), page);
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        await using var child = new Child(program, arguments);
        return await child.SucceedAsync();
    }
}
