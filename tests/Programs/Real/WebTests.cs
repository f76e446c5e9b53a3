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
        Directory.CreateDirectory(scratch.File("put"));
        await using Child nginx = await Nginx.StartAsync(scratch, port, $$"""
            server {
                listen {{upstream}};
                root {{scratch.Root}};
                location /put/ { dav_methods PUT; }
            }
            """);
        await using SluiceProcess sluice = await SluiceProcess.StartAsync([upstream]);
        string through = $"http://{sluice.To(upstream)}";

        await Child.RunAsync(curl, "-sSf", "-o", scratch.File("got"), $"{through}/large");
        Assert.Equal(
            Convert.ToHexString(SHA256.HashData(content)),
            Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(scratch.File("got"), TestContext.Current.CancellationToken))));

        await Child.RunAsync(curl, "-sSf", "-T", scratch.File("large"), $"{through}/put/large");
        Assert.Equal(content, await File.ReadAllBytesAsync(scratch.File("put/large"), TestContext.Current.CancellationToken));

        string report = await Child.RunAsync(wrk, "-t", "1", "-c", "64", "-d", "3s", $"{through}/small");
        Assert.DoesNotContain("Socket errors", report, StringComparison.Ordinal);
        Assert.DoesNotContain("Non-2xx", report, StringComparison.Ordinal);
        Assert.True(int.Parse(Requests().Match(report).Groups[1].Value) > 100, report);
    }

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex Requests();
}
