using System.Text.Json.Nodes;
using Sluice.Redirect.Splicing.Kernel.Preflight;

namespace Sluice.Deploy.Tests.Images;

/// <summary>The published binary behind the filters of deploy/seccomp, as the user and with the capabilities of deploy/kubernetes.</summary>
[Collection(Image.Collection)]
public class SeccompTests(Image image)
{
    private const int Timeout = 120_000;
    private const string UserSpace = "sluice.json", Kernel = "sluice-kernel.json";
    private static readonly string[] Needed = ["BPF", "NET_ADMIN", "PERFMON", "SETUID", "SETGID"];

    [Fact]
    public void The_kernels_filter_lets_bpf_through_and_nothing_else_that_the_other_does_not()
    {
        JsonArray kernel = Entries(Kernel), userSpace = Entries(UserSpace);
        JsonNode bpf = Assert.Single(kernel, entry => entry!["names"]!.AsArray().Any(name => (string?)name == "bpf"))!;
        Assert.Equal(["bpf"], bpf["names"]!.AsArray().Select(name => (string?)name));
        kernel.Remove(bpf);
        Assert.True(JsonNode.DeepEquals(kernel, userSpace));
    }

    [Fact(Timeout = Timeout)]
    public async Task In_user_space_everything_works_behind_the_filter_without_a_capability()
    {
        using var echo = new EchoServer();
        int front = Ports.Unused(), later = Ports.Unused(), admin = Ports.Unused();
        string text = $$"""
            admin: { listen: 127.0.0.1:{{admin}} }
            runtime: { offload: "off", watch_config: true, upgrade_socket: unix:/run/upgrade.sock }
            listeners:
              - { name: front, listen: 127.0.0.1:{{front}}, cluster: named }
              - { name: unix, listen: unix:/run/sluice.sock, cluster: inside }
              - { name: other, listen: unix:/run/other.sock, cluster: discovered }
            clusters:
              - { name: named, endpoints: ["localhost:{{echo.Port}}"], health_check: {} }
              - { name: discovered, endpoints: ["localhost:{{echo.Port}}"], discovery: {} }
              - { name: inside, endpoints: ["builtin:echo", "unix:/run/sluice.sock"] }
            """;
        await using Container container = await Container.StartAsync(image, new(text) { Seccomp = UserSpace });
        string status = await File.ReadAllTextAsync($"/proc/{await container.ProcessIdAsync()}/status", TestContext.Current.CancellationToken);
        Assert.Contains("CapPrm:\t0000000000000000", status, StringComparison.Ordinal);
        Assert.Contains("Seccomp:\t2", status, StringComparison.Ordinal);

        using Client client = await Client.ConnectAsync(front);
        await client.EchoAsync(512);
        await client.EchoAsync(32 << 20); // long enough for splice(2)
        string metrics = await MetricsAsync(admin);
        Assert.Contains("sluice_endpoint_health_checks_total", metrics, StringComparison.Ordinal);
        Assert.Contains("data_path=\"splice\"", metrics, StringComparison.Ordinal);

        await container.ConfigureAsync(text.Replace($"127.0.0.1:{front}", $"127.0.0.1:{later}", StringComparison.Ordinal));
        await container.LineAsync("applied; generation 2 goes");
        using Client other = await Client.ConnectAsync(later);
        await other.EchoAsync(512);
        await client.EchoAsync(512);
        client.Dispose();
        other.Dispose();
        await container.SignalAsync("TERM");
        Assert.Equal(0, await container.EndAsync());
        Assert.DoesNotContain("EPERM", container.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task With_what_the_kernels_variant_has_the_kernel_carries_connections_and_nobody_is_root()
    {
        KernelRequired();
        using var echo = new EchoServer();
        int front = Ports.Unused(), admin = Ports.Unused();
        await using Container container = await Container.StartAsync(image, Variant(front, admin, echo.Port));
        await container.LineAsync("offload: this kernel is trusted");
        string status = await File.ReadAllTextAsync($"/proc/{await container.ProcessIdAsync()}/status", TestContext.Current.CancellationToken);
        Assert.Contains("Uid:\t1654\t1654\t1654\t1654", status, StringComparison.Ordinal);
        Assert.Contains("CapPrm:\t000000c000001000\nCapEff:\t000000c000001000", status, StringComparison.Ordinal);

        using Client client = await Client.ConnectAsync(front);
        while (!(await MetricsAsync(admin)).Contains("data_path=\"sockmap\"", StringComparison.Ordinal))
            await client.EchoAsync(512);
        await client.EchoAsync(1 << 20);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("BPF")]
    [InlineData("NET_ADMIN")]
    [InlineData("PERFMON")]
    public async Task Without_one_of_its_capabilities_the_daemon_names_it_and_goes_on_in_user_space(string missing)
    {
        KernelRequired();
        using var echo = new EchoServer();
        int front = Ports.Unused();
        ContainerOptions options = Variant(front, Ports.Unused(), echo.Port);
        await using Container container = await Container.StartAsync(image, options with { Capabilities = [.. Needed.Where(name => name != missing)] });
        await container.LineAsync($"all connections stay in user space. capabilities: CAP_{missing} is missing");
        using Client client = await Client.ConnectAsync(front);
        await client.EchoAsync(1 << 20);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("SETUID")]
    [InlineData("SETGID")]
    public async Task Without_what_changing_the_user_takes_it_does_not_start(string missing)
    {
        ContainerOptions options = Variant(Ports.Unused(), Ports.Unused(), 1) with { Capabilities = [.. Needed.Where(name => name != missing)] };
        (int code, string output) = await Container.RunAsync(image, options, "/usr/bin/sluice", "run", "/etc/sluice/sluice.yaml");
        Assert.NotEqual(0, code);
        Assert.Contains("runtime.user: 1654:1654 cannot be taken on: EPERM", output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task Behind_the_filter_without_bpf_the_daemon_says_that_the_filter_refuses_it()
    {
        KernelRequired();
        using var echo = new EchoServer();
        int front = Ports.Unused();
        await using Container container = await Container.StartAsync(image, Variant(front, Ports.Unused(), echo.Port) with { Seccomp = UserSpace });
        await container.LineAsync("seccomp: bpf(2) is refused with EPERM although the capabilities are there: the seccomp filter refuses it");
        using Client client = await Client.ConnectAsync(front);
        await client.EchoAsync(1 << 20);
    }

    private static ContainerOptions Variant(int front, int admin, int upstream) => new($$"""
        admin: { listen: 127.0.0.1:{{admin}} }
        runtime: { offload: sockmap, user: "1654:1654" }
        listeners: [{ name: front, listen: 127.0.0.1:{{front}}, cluster: back }]
        clusters: [{ name: back, endpoints: [127.0.0.1:{{upstream}}] }]
        """)
    {
        User = 0,
        Capabilities = Needed,
        Seccomp = Kernel,
    };

    private static void KernelRequired() => Assert.SkipUnless(
        Environment.GetEnvironmentVariable("SLUICE_REQUIRE_KERNEL") == "1" || KernelFacts.Read().MissingCapabilities.IsEmpty, "the kernel's path takes capabilities");

    private static async Task<string> MetricsAsync(int admin)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri($"http://127.0.0.1:{admin}/metrics"), TestContext.Current.CancellationToken);
    }

    private static JsonArray Entries(string profile) => JsonNode.Parse(Repository.Read($"deploy/seccomp/{profile}"))!["syscalls"]!.AsArray();
}
