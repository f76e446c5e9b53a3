using System.Diagnostics;

namespace Sluice.Faults.Hosts;

/// <summary>
/// Network namespaces for a client (c), a proxy (p) and a server (s), with a veth pair between each two. The letter behind
/// <see cref="Name"/> is the namespace's name, and that of the client's and the server's interface; the proxy's are pc and ps.
/// </summary>
internal sealed class ThreeNamespaces : IAsyncDisposable
{
    private static int _count;

    private ThreeNamespaces()
    {
    }

    /// <summary>What all their names begin with.</summary>
    public string Name { get; } = $"sl{Environment.ProcessId}-{Interlocked.Increment(ref _count)}";

    /// <summary>Makes them, or skips the test where that is not permitted; with SLUICE_REQUIRE_KERNEL=1 it fails instead.</summary>
    /// <param name="more">What is done with them then, as a script in which <c>$n</c> is their name.</param>
    public static async Task<ThreeNamespaces> CreateAsync(string more)
    {
        var hosts = new ThreeNamespaces();
        (int exit, string output) = await ShellAsync($$"""
            set -e
            n={{hosts.Name}}
            for h in c p s; do ip netns add $n$h; ip -n $n$h link set lo up; done
            link() (
                ip link add $n$1 netns $n$1 type veth peer name $n$2 netns $n$3
                ip -n $n$1 link set $n$1 up; ip -n $n$3 link set $n$2 up
            )
            link c pc p; link s ps p
            {{more}}
            """);
        if (exit == 0)
            return hosts;

        await hosts.DisposeAsync();
        Assert.False(Environment.GetEnvironmentVariable("SLUICE_REQUIRE_KERNEL") == "1", $"no network namespaces, and SLUICE_REQUIRE_KERNEL=1: {output}");
        Assert.Skip($"it takes network namespaces with nftables: {output}");
        throw new UnreachableException();
    }

    /// <summary>Runs a script, and what it wrote.</summary>
    /// <param name="script">For sh.</param>
    /// <param name="under">The words before it, such as those that lead into a namespace.</param>
    public static async Task<(int Exit, string Output)> ShellAsync(string script, params string[] under)
    {
        string[] command = [.. under, "sh", "-c", $"exec 2>&1\n{script}"];
        using Process shell = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
        string output = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (shell.ExitCode, output);
    }

    public async ValueTask DisposeAsync() => await ShellAsync($"for h in c p s; do ip netns del {Name}$h; done 2>/dev/null");
}
