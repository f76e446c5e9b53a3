using System.Text.Json;
using Sluice.Programs.Processes;

namespace Sluice.Programs.Real;

/// <summary>iperf3: bulk both ways over several connections, with a control connection beside them.</summary>
public sealed class Iperf3Tests
{
    [Theory(Timeout = 120_000)]
    [InlineData("", false)]
    [InlineData("--reverse", false)]
    [InlineData("--bidir", false)]
    [InlineData("", true)]
    [InlineData("--reverse", true)]
    [InlineData("--bidir", true)]
    public async Task BulkStreamsEndWithoutError(string mode, bool bypasses)
    {
        string iperf = Installed.Require("iperf3");
        int port = Ports.Free();
        string upstream = $"127.0.0.1:{port}";
        await using var server = new Child(iperf, ["--server", "--port", $"{port}", "--bind", "127.0.0.1", "--forceflush"]);
        // A probe by connecting would be taken for a client.
        await server.UntilAsync(() => server.Output.Contains("Server listening", StringComparison.Ordinal), "listening");
        await using SluiceProcess sluice = await SluiceProcess.StartAsync(upstream, bypasses);

        string[] options = ["--client", "127.0.0.1", "--port", $"{sluice.To(upstream).Port}", "--parallel", "4", "--bytes", "200M", "--json"];
        await using var client = new Child(iperf, mode.Length == 0 ? options : [.. options, mode]);
        JsonElement report = JsonElement.Parse(await client.SucceedAsync());
        Assert.False(report.TryGetProperty("error", out JsonElement error), error.ToString());
        JsonElement end = report.GetProperty("end");
        Assert.True(end.GetProperty("sum_received").GetProperty("bytes").GetInt64() > 0);
    }
}
