using Sluice.Programs.Processes;

namespace Sluice.Programs.Real;

/// <summary>An SSH session: the server speaks first, both sides stream, and the command's exit code comes back.</summary>
public sealed class SshTests
{
    [Fact(Timeout = 120_000)]
    public async Task ACommandsInputOutputAndExitCodeComeThrough()
    {
        string ssh = Installed.Require("ssh"), keygen = Installed.Require("ssh-keygen"), sshd = Installed.Require("sshd");
        using var scratch = new Scratch();
        await RunAsync(keygen, "-q", "-t", "ed25519", "-N", "", "-f", scratch.File("host"));
        await RunAsync(keygen, "-q", "-t", "ed25519", "-N", "", "-f", scratch.File("user"));
        File.Copy(scratch.File("user.pub"), scratch.File("authorized"));

        int port = Ports.Free();
        string upstream = $"127.0.0.1:{port}";
        string config = await scratch.WriteAsync("sshd_config", $"""
            ListenAddress {upstream}
            HostKey {scratch.File("host")}
            AuthorizedKeysFile {scratch.File("authorized")}
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            PermitRootLogin prohibit-password

            """);
        if (Environment.UserName == "root")
            Directory.CreateDirectory("/run/sshd"); // sshd insists on it for its unprivileged half
        await using var server = new Child(sshd, ["-D", "-e", "-f", config]);
        await server.UntilListeningAsync(port);
        await using SluiceProcess sluice = await SluiceProcess.StartAsync([upstream]);

        string command = $"{ssh} -p {sluice.To(upstream).Port} -i {scratch.File("user")} -F none -o BatchMode=yes -o StrictHostKeyChecking=no "
            + $"-o UserKnownHostsFile=/dev/null -o LogLevel=ERROR {Environment.UserName}@127.0.0.1";
        string direct = await RunAsync("/bin/sh", "-c", "seq 1 500000 | sha256sum");
        Assert.Equal(direct, await RunAsync("/bin/sh", "-c", $"seq 1 500000 | {command} sha256sum"));
        Assert.Equal(direct, await RunAsync("/bin/sh", "-c", $"{command} seq 1 500000 | sha256sum"));

        await using var fails = new Child("/bin/sh", ["-c", $"{command} exit 7"]);
        Assert.True(await fails.ExitAsync() == 7, fails.Output + server.Output);
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        await using var child = new Child(program, arguments);
        return await child.SucceedAsync();
    }
}
