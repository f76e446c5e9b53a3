using Sluice.Programs.Processes;
using Sluice.Programs.Real;

namespace Sluice.Programs.Examples;

/// <summary>allow-list-shadow.yaml with clients of several addresses of loopback.</summary>
public sealed class AllowListShadowTests
{
    private const int ReceiveError = 56;

    [Fact(Timeout = 120_000)]
    public async Task TheShadowCountsStrangersAndChangesNothing()
    {
        string curl = Installed.Require("curl");
        using var scratch = new Scratch();
        (int server, int port) = (Ports.Free(), Ports.Free());
        await using Child nginx = await Nginx.StartAsync(scratch, server, Nginx.Named("served", server));
        await using SluiceProcess sluice = await SluiceProcess.StartExampleAsync(
            "allow-list-shadow.yaml",
            ("DATABASE_LISTEN", $"127.0.0.1:{port}"),
            ("DATABASE_ENDPOINT", $"127.0.0.1:{server}"),
            ("ALLOWED_LOCALLY", "127.0.0.1/32"),
            ("BANNED", "127.0.0.3/32"));
        string[] From(string address) => ["-sSf", "--interface", address, $"http://127.0.0.1:{port}/"];

        Assert.Equal("served\n", await Child.RunAsync(curl, From("127.0.0.1")));
        await sluice.CountedAsync("not-on-the-list", 0, shadow: true);
        Assert.Equal("served\n", await Child.RunAsync(curl, From("127.0.0.2")));
        Assert.Equal("served\n", await Child.RunAsync(curl, From("127.0.0.2")));
        await using (var banned = new Child(curl, From("127.0.0.3")))
            Assert.True(await banned.ExitAsync() == ReceiveError, banned.Output);

        await sluice.CountedAsync("not-on-the-list", 2, shadow: true);
        await sluice.CountedAsync("banned", 1);
        await sluice.CountedAsync("otherwise", 3);
        await sluice.LoggedAsync("127.0.0.2:", ": completed");
        await sluice.LoggedAsync("127.0.0.3:", "rule_reset", "by rule doorkeeper/banned");
        Assert.DoesNotContain("by rule doorkeeper/not-on-the-list", sluice.Log, StringComparison.Ordinal);
    }
}
