using System.Text.RegularExpressions;

namespace Sluice.Deploy.Tests.Images;

/// <summary>That the published binary gives privileges up on every thread it has.</summary>
[Collection(Image.Collection)]
public partial class ThreadTests(Image image)
{
    [Theory(Timeout = 120_000)]
    [InlineData("offload: \"off\"", "0000000000000400")]
    [InlineData("offload: sockmap", "000000c000001400")]
    [InlineData("offload: sockmap, user: \"1654:1654\"", "000000c000001400")]
    public async Task Every_thread_of_root_has_what_is_needed_and_no_more(string runtime, string kept)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root has something to give up");
        using var echo = new EchoServer();
        int front = Ports.Unused();
        string[] all = ["CHOWN", "DAC_OVERRIDE", "NET_BIND_SERVICE", "NET_ADMIN", "NET_RAW", "SYS_ADMIN", "SYS_PTRACE", "SETUID", "SETGID", "SETPCAP", "BPF", "PERFMON"];
        await using Container container = await Container.StartAsync(image, new($$"""
            admin: { listen: 127.0.0.1:{{Ports.Unused()}} }
            runtime: { {{runtime}} }
            listeners: [{ name: front, listen: 127.0.0.1:{{front}}, cluster: back }]
            clusters: [{ name: back, endpoints: ["localhost:{{echo.Port}}"] }]
            """) { User = 0, Capabilities = all });
        using Client client = await Client.ConnectAsync(front);
        await client.EchoAsync(1 << 20);
        if (runtime.Contains("sockmap", StringComparison.Ordinal))
            await container.LineAsync("offload: ");

        string[] threads = Directory.GetDirectories($"/proc/{await container.ProcessIdAsync()}/task");
        Assert.True(threads.Length >= 8, $"only {threads.Length} threads");
        foreach (string thread in threads)
        {
            string rights = string.Join(' ', Right().Matches(await File.ReadAllTextAsync($"{thread}/status", TestContext.Current.CancellationToken)).Select(right => right.Value));
            Assert.Equal($"CapInh:\t0000000000000000 CapPrm:\t{kept} CapEff:\t{kept} CapBnd:\t0000000000000000 CapAmb:\t0000000000000000 NoNewPrivs:\t1", rights);
        }

        Assert.Contains("has given up", container.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("threads of the runtime keep", container.Output, StringComparison.Ordinal);
    }

    [GeneratedRegex("^(Cap(Inh|Prm|Eff|Bnd|Amb)|NoNewPrivs):.*$", RegexOptions.Multiline)]
    private static partial Regex Right();
}
