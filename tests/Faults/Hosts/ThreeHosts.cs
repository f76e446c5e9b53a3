using System.Net;
using System.Net.Sockets;
using Sluice.Functional.Wire;
using Sluice.Programs.Processes;

namespace Sluice.Faults.Hosts;

/// <summary>A client, the daemon and a server, each in a network namespace of its own, with a veth pair between each two.</summary>
internal sealed class ThreeHosts : IAsyncDisposable
{
    public const string ProxyAddress = "10.202.1.1", ServerAddress = "10.202.2.2";

    private readonly ThreeNamespaces _hosts;

    private ThreeHosts(ThreeNamespaces hosts) => _hosts = hosts;

    public NetworkNamespace Client => new($"{_hosts.Name}c");

    public NetworkNamespace Proxy => new($"{_hosts.Name}p");

    public NetworkNamespace Server => new($"{_hosts.Name}s");

    /// <inheritdoc cref="ThreeNamespaces.CreateAsync"/>
    public static async Task<ThreeHosts> CreateAsync() => new(await ThreeNamespaces.CreateAsync($$"""
        ip -n ${n}c addr add 10.202.1.2/24 dev ${n}c; ip -n ${n}p addr add {{ProxyAddress}}/24 dev ${n}pc
        ip -n ${n}p addr add 10.202.2.1/24 dev ${n}ps; ip -n ${n}s addr add {{ServerAddress}}/24 dev ${n}s
        ip netns exec ${n}p nft list tables
        """));

    /// <summary>A server on its host.</summary>
    public Server Listen() => Server.Make(() => new Server(new IPEndPoint(IPAddress.Parse(ServerAddress), 0)));

    /// <summary>A client's connection to a port of the proxy's host.</summary>
    public async Task<Socket> DialAsync(int port)
    {
        Socket socket = Client.Make(() => Sockets.Create(Sockets.AnyV4));
        await socket.ConnectAsync(IPAddress.Parse(ProxyAddress), port, Deadline.Token).AsTask().OrHung("a connection to the proxy");
        return socket;
    }

    /// <summary>Starts the daemon on the proxy's host, and waits for the kernel to be trusted where it is to carry connections.</summary>
    public Task<SluiceProcess> StartAsync(string upstream, string offload, params string[] listener) =>
        StartAsync(upstream, offload, new SluiceSetup { Listener = listener });

    /// <inheritdoc cref="StartAsync(string, string, string[])"/>
    public async Task<SluiceProcess> StartAsync(string upstream, string offload, SluiceSetup setup)
    {
        SluiceProcess sluice = await SluiceProcess.StartAsync([upstream], At(Proxy, setup with { Runtime = [$"offload: {offload}", .. setup.Runtime] }));
        if (offload == "sockmap")
            await sluice.LoggedAsync("offload: this kernel is trusted");
        return sluice;
    }

    /// <summary>Starts a second daemon on the server's host that sends back what it gets: a server that can be stopped and killed.</summary>
    public Task<SluiceProcess> StartEchoAsync() => SluiceProcess.StartAsync(["builtin:echo"], At(Server, new SluiceSetup()));

    /// <summary>Runs a script on the proxy's host; <c>$client</c> and <c>$server</c> are its interfaces to them. It has to succeed.</summary>
    public async Task<string> AtProxyAsync(string script)
    {
        (int exit, string output) = await ThreeNamespaces.ShellAsync($"client={_hosts.Name}pc; server={_hosts.Name}ps\nset -e\n{script}", Proxy.Exec);
        Assert.True(exit == 0, output);
        return output;
    }

    /// <summary>Takes the server's cable out, or puts it in again.</summary>
    public async Task SetCableAsync(bool isIn)
    {
        (int exit, string output) = await ThreeNamespaces.ShellAsync($"ip -n {_hosts.Name}s link set {_hosts.Name}s {(isIn ? "up" : "down")}");
        Assert.True(exit == 0, output);
    }

    public ValueTask DisposeAsync() => _hosts.DisposeAsync();

    private static SluiceSetup At(NetworkNamespace host, SluiceSetup setup) => setup with
    {
        Address = "0.0.0.0",
        Under = host.Exec,
        Reach = async (context, cancellation) =>
        {
            Socket socket = host.Make(() => Sockets.Create(Sockets.AnyV4));
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };
}
