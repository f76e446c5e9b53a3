using Sluice.Programs.Processes;
using Sluice.Programs.Real;

namespace Sluice.Programs.Examples;

/// <summary>http-methods.yaml with nginx and curl.</summary>
public sealed class HttpMethodsTests
{
    private const int ReceiveError = 56;

    [Fact(Timeout = 120_000)]
    public async Task ListedMethodsPassAndOthersAreReset()
    {
        string curl = Installed.Require("curl");
        using var scratch = new Scratch();
        (int web, int port) = (Ports.Free(), Ports.Free());
        await using Child nginx = await Nginx.StartAsync(scratch, web, Nginx.Named("web", web));
        await using SluiceProcess sluice = await SluiceProcess.StartExampleAsync(
            "http-methods.yaml", ("HTTP_LISTEN", $"127.0.0.1:{port}"), ("WEB_ENDPOINT", $"127.0.0.1:{web}"));
        string url = $"http://127.0.0.1:{port}/";

        Assert.Equal("web\n", await Child.RunAsync(curl, "-sSf", url));
        Assert.Contains("200 OK", await Child.RunAsync(curl, "-sSfI", url), StringComparison.Ordinal);
        Assert.Equal("web\n", await Child.RunAsync(curl, "-sSf", "-d", "some=data", url));
        foreach (string method in (string[])["DELETE", "TRACE", "PUT", "GETS", "get"])
        {
            await using var refused = new Child(curl, ["-sS", "-X", method, url]);
            Assert.True(await refused.ExitAsync() == ReceiveError, $"{method}: {refused.Output}");
        }

        await sluice.CountedAsync("allowed", 3);
        await sluice.CountedAsync("otherwise", 5);
        await sluice.LoggedAsync("-> http -> web", "rule_reset", "by rule methods/otherwise");
        await sluice.LoggedAsync("-> http -> web", ": completed");
    }
}
