using Sluice.Programs.Processes;

namespace Sluice.Programs.Real;

/// <summary>An SSH session: the server speaks first, both sides stream, and the command's exit code comes back.</summary>
public sealed class SshTests
{
    [Fact(Timeout = 120_000)]
    public async Task ACommandsInputOutputAndExitCodeComeThrough()
    {
        await using SshServer server = await SshServer.StartAsync();
        await using SluiceProcess sluice = await SluiceProcess.StartAsync([server.Address]);
        string command = server.Command(sluice.To(server.Address).Port);
        string direct = await Child.RunAsync("/bin/sh", "-c", "seq 1 500000 | sha256sum");
        Assert.Equal(direct, await Child.RunAsync("/bin/sh", "-c", $"seq 1 500000 | {command} sha256sum"));
        Assert.Equal(direct, await Child.RunAsync("/bin/sh", "-c", $"{command} seq 1 500000 | sha256sum"));

        await using var fails = new Child("/bin/sh", ["-c", $"{command} exit 7"]);
        Assert.True(await fails.ExitAsync() == 7, fails.Output + server.Log);
    }
}
