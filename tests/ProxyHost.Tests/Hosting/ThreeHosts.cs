using System.Diagnostics;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>
/// A client, a proxy and a server in network namespaces of their own: the client's packets to the server go through the proxy's, which
/// forwards none, so what arrives was proxied. IPv4 and IPv6.
/// </summary>
internal sealed class ThreeHosts : IAsyncDisposable
{
    public const string ClientV4 = "10.201.1.2", ProxyV4 = "10.201.1.1", ProxyAtServerV4 = "10.201.2.1", ServerV4 = "10.201.2.2";
    public const string ClientV6 = "fd01::2", ServerV6 = "fd02::2";

    private static int _count;
    private readonly string _name = $"sl{Environment.ProcessId}-{Interlocked.Increment(ref _count)}";

    public string[] Client => ["ip", "netns", "exec", $"{_name}c"];

    public string[] Proxy => ["ip", "netns", "exec", $"{_name}p"];

    public string[] Server => ["ip", "netns", "exec", $"{_name}s"];

    /// <summary>Makes them, or skips the test where that is not permitted; with SLUICE_REQUIRE_KERNEL=1 it fails instead.</summary>
    public static async Task<ThreeHosts> CreateAsync(string rules)
    {
        var hosts = new ThreeHosts();
        (int exit, string output) = await ShellAsync($$"""
            set -e
            n={{hosts._name}}
            for h in c p s; do ip netns add $n$h; ip -n $n$h link set lo up; done
            link() (
                ip link add $n$1 netns $n$1 type veth peer name $n$2 netns $n$3
                ip -n $n$1 link set $n$1 up; ip -n $n$3 link set $n$2 up
            )
            link c pc p; link s ps p
            ip -n ${n}c addr add {{ClientV4}}/24 dev ${n}c; ip -n ${n}c addr add {{ClientV6}}/64 nodad dev ${n}c
            ip -n ${n}p addr add {{ProxyV4}}/24 dev ${n}pc; ip -n ${n}p addr add fd01::1/64 nodad dev ${n}pc
            ip -n ${n}p addr add {{ProxyAtServerV4}}/24 dev ${n}ps; ip -n ${n}p addr add fd02::1/64 nodad dev ${n}ps
            ip -n ${n}s addr add {{ServerV4}}/24 dev ${n}s; ip -n ${n}s addr add {{ServerV6}}/64 nodad dev ${n}s
            ip -n ${n}c route add default via {{ProxyV4}}; ip -n ${n}c -6 route add default via fd01::1
            ip -n ${n}s route add default via {{ProxyAtServerV4}}; ip -n ${n}s -6 route add default via fd02::1
            for f in -4 -6; do ip -n ${n}p $f rule add fwmark 1 lookup 100; ip -n ${n}p $f route add local default dev lo table 100; done
            ip netns exec ${n}p nft -f - <<'RULES'
            {{rules.ReplaceLineEndings("\n            ")}}
            RULES
            """);
        if (exit == 0)
            return hosts;

        await hosts.DisposeAsync();
        Assert.False(Environment.GetEnvironmentVariable("SLUICE_REQUIRE_KERNEL") == "1", $"no network namespaces, and SLUICE_REQUIRE_KERNEL=1: {output}");
        Assert.Skip($"it takes network namespaces with nftables: {output}");
        throw new UnreachableException();
    }

    /// <summary>Says something to a server from the client's host, and what came back before the end.</summary>
    public async Task<string> SayAsync(string text, string address, int port, string options = "") =>
        (await ShellAsync($"printf %s '{text}' | {string.Join(' ', Client)} nc -N -w 20 {options} {address} {port}")).Output;

    public async ValueTask DisposeAsync() => await ShellAsync($"for h in c p s; do ip netns del {_name}$h; done 2>/dev/null");

    private static async Task<(int Exit, string Output)> ShellAsync(string script)
    {
        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", $"exec 2>&1\n{script}"]) { RedirectStandardOutput = true })!;
        string output = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (shell.ExitCode, output);
    }
}
