using Sluice.Programs.Processes;

namespace Sluice.Programs.Real;

/// <summary>An sshd of the test's own, with keys of its own for host and user.</summary>
internal sealed class SshServer : IAsyncDisposable
{
    private readonly string _ssh = Installed.Require("ssh");
    private readonly Scratch _scratch = new();
    private readonly int _port = Ports.Free();
    private Child? _sshd;

    private SshServer()
    {
    }

    public string Address => $"127.0.0.1:{_port}";

    /// <summary>What it wrote so far.</summary>
    public string Log => _sshd!.Output;

    /// <summary>Starts one and waits until it listens.</summary>
    public static async Task<SshServer> StartAsync()
    {
        string keygen = Installed.Require("ssh-keygen"), sshd = Installed.Require("sshd");
        var server = new SshServer();
        try
        {
            await server.StartAsync(keygen, sshd);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The shell's words for running a command as this user over a port of loopback.</summary>
    public string Command(int port) =>
        $"{_ssh} -p {port} -i {_scratch.File("user")} -F none -o BatchMode=yes -o StrictHostKeyChecking=no "
        + $"-o UserKnownHostsFile=/dev/null -o LogLevel=ERROR {Environment.UserName}@127.0.0.1";

    public async ValueTask DisposeAsync()
    {
        if (_sshd is not null)
            await _sshd.DisposeAsync();
        _scratch.Dispose();
    }

    private async Task StartAsync(string keygen, string sshd)
    {
        await Child.RunAsync(keygen, "-q", "-t", "ed25519", "-N", "", "-f", _scratch.File("host"));
        await Child.RunAsync(keygen, "-q", "-t", "ed25519", "-N", "", "-f", _scratch.File("user"));
        File.Copy(_scratch.File("user.pub"), _scratch.File("authorized"));
        string config = await _scratch.WriteAsync("sshd_config", $"""
            ListenAddress {Address}
            HostKey {_scratch.File("host")}
            AuthorizedKeysFile {_scratch.File("authorized")}
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            PermitRootLogin prohibit-password

            """);
        if (Environment.UserName == "root")
            Directory.CreateDirectory("/run/sshd"); // sshd insists on it for its unprivileged half
        _sshd = new Child(sshd, ["-D", "-e", "-f", config]);
        await _sshd.UntilListeningAsync(_port);
    }
}
