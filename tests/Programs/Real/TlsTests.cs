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
        (string certificate, string key) = await Certificate.CreateAsync(scratch, "localhost");
        await scratch.WriteAsync("page", new string('x', 1_000_000));

        int port = Ports.Free();
        string upstream = $"127.0.0.1:{port}";
        await using var server = new Child(
            openssl, ["s_server", "-accept", $"127.0.0.1:{port}", "-key", key, "-cert", certificate, "-WWW", "-quiet"], scratch.Root);
        await server.UntilListeningAsync(port);
        await using SluiceProcess sluice = await SluiceProcess.StartAsync([upstream]);
        int through = sluice.To(upstream).Port;

        string handshake = await Child.RunAsync(openssl, "s_client", "-connect", $"127.0.0.1:{through}", "-CAfile", certificate,
            "-servername", "localhost", "-verify_return_error");
        Assert.Contains("Verify return code: 0 (ok)", handshake, StringComparison.Ordinal);
        string page = await Child.RunAsync(curl, "-sSf", "--http1.0", "--cacert", certificate, "--resolve", $"localhost:{through}:127.0.0.1", $"https://localhost:{through}/page");
        Assert.Equal(new string('x', 1_000_000), page);
    }
}
