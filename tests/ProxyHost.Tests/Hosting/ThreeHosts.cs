using Sluice.Faults.Hosts;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>
/// A client, a proxy and a server in network namespaces of their own: the client's packets to the server go through the proxy's, which
/// forwards none, so what arrives was proxied. IPv4 and IPv6.
/// </summary>
internal sealed class ThreeHosts : IAsyncDisposable
{
    public const string ClientV4 = "10.201.1.2", ProxyV4 = "10.201.1.1", ProxyAtServerV4 = "10.201.2.1", ServerV4 = "10.201.2.2";
    public const string ClientV6 = "fd01::2", ServerV6 = "fd02::2";

    private readonly ThreeNamespaces _hosts;

    private ThreeHosts(ThreeNamespaces hosts) => _hosts = hosts;

    public string[] Client => In('c');

    public string[] Proxy => In('p');

    public string[] Server => In('s');

    /// <inheritdoc cref="ThreeNamespaces.CreateAsync"/>
    public static async Task<ThreeHosts> CreateAsync(string rules) => new(await ThreeNamespaces.CreateAsync($$"""
        ip -n ${n}c addr add {{ClientV4}}/24 dev ${n}c; ip -n ${n}c addr add {{ClientV6}}/64 nodad dev ${n}c
        ip -n ${n}p addr add {{ProxyV4}}/24 dev ${n}pc; ip -n ${n}p addr add fd01::1/64 nodad dev ${n}pc
        ip -n ${n}p addr add {{ProxyAtServerV4}}/24 dev ${n}ps; ip -n ${n}p addr add fd02::1/64 nodad dev ${n}ps
        ip -n ${n}s addr add {{ServerV4}}/24 dev ${n}s; ip -n ${n}s addr add {{ServerV6}}/64 nodad dev ${n}s
        ip -n ${n}c route add default via {{ProxyV4}}; ip -n ${n}c -6 route add default via fd01::1
        ip -n ${n}s route add default via {{ProxyAtServerV4}}; ip -n ${n}s -6 route add default via fd02::1
        for f in -4 -6; do ip -n ${n}p $f rule add fwmark 1 lookup 100; ip -n ${n}p $f route add local default dev lo table 100; done
        ip netns exec ${n}p nft -f - <<'RULES'
        {{rules}}
        RULES
        """));

    /// <summary>Says something to a server from the client's host, and what came back before the end.</summary>
    public async Task<string> SayAsync(string text, string address, int port, string options = "") =>
        (await ThreeNamespaces.ShellAsync($"printf %s '{text}' | {string.Join(' ', Client)} nc -N -w 20 {options} {address} {port}")).Output;

    public ValueTask DisposeAsync() => _hosts.DisposeAsync();

    private string[] In(char host) => ["ip", "netns", "exec", $"{_hosts.Name}{host}"];
}
