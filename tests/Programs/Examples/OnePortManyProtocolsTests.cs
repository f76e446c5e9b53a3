using System.Net.Sockets;
using System.Text;
using Sluice.Functional.Wire;
using Sluice.Programs.Processes;
using Sluice.Programs.Real;

namespace Sluice.Programs.Examples;

/// <summary>one-port-many-protocols.yaml with sshd, nginx with and without TLS, ssh and curl.</summary>
public sealed class OnePortManyProtocolsTests
{
    [Fact(Timeout = 120_000)]
    public async Task SshAndHttpsAndHttpAllWork()
    {
        string curl = Installed.Require("curl");
        using var scratch = new Scratch();
        (int https, int http, int port) = (Ports.Free(), Ports.Free(), Ports.Free());
        Certificate certificate = await Certificate.CreateAsync(scratch, "localhost");
        await using SshServer ssh = await SshServer.StartAsync();
        await using Child nginx = await Nginx.StartAsync(scratch, http, Nginx.Named("tls", https, certificate) + Nginx.Named("plain", http));
        await using SluiceProcess sluice = await SluiceProcess.StartExampleAsync(
            "one-port-many-protocols.yaml",
            ("EVERYTHING_LISTEN", $"127.0.0.1:{port}"),
            ("SSH_ENDPOINT", ssh.Address),
            ("HTTPS_ENDPOINT", $"127.0.0.1:{https}"),
            ("HTTP_ENDPOINT", $"127.0.0.1:{http}"));

        Assert.Equal("tls\n", await Child.RunAsync(curl, "-sSf", "--insecure", $"https://127.0.0.1:{port}/"));
        Assert.Equal("plain\n", await Child.RunAsync(curl, "-sSf", $"http://127.0.0.1:{port}/"));
        Assert.Equal("plain\n", await Child.RunAsync(curl, "-sSf", "-X", "PATCH", $"http://127.0.0.1:{port}/"));
        string digest = await Child.RunAsync("/bin/sh", "-c", "seq 1 50000 | sha256sum");
        Assert.Equal(digest, await Child.RunAsync("/bin/sh", "-c", $"seq 1 50000 | {ssh.Command(port)} sha256sum"));

        using (Socket silent = await Sockets.DialAsync(Watching.Loopback(port)))
            Assert.Equal("SSH-2.0-", Encoding.ASCII.GetString(await silent.ReceiveExactlyAsync(8)));

        await sluice.LoggedAsync("-> everything -> https (tls)");
        await sluice.LoggedAsync("-> everything -> http (http)");
        await sluice.LoggedAsync($"-> everything -> ssh {ssh.Address}");
    }
}
