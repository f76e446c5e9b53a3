using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Sluice.Functional.Wire;
using Sluice.Programs.Processes;

namespace Sluice.Programs.Real;

/// <summary>Names whose addresses a real server of DNS tells, and changes.</summary>
public sealed class DiscoveryTests
{
    [Fact(Timeout = 180_000)]
    public async Task AddressesComeAndGoAndAResolverThatIsGoneChangesNothing()
    {
        using var scratch = new Scratch();
        await using Dnsmasq dns = await Dnsmasq.StartAsync(scratch, "127.0.0.2 db.test\n127.0.0.3 db.test\n");
        int port = Ports.Free();
        using Server second = On("127.0.0.2", port), third = On("127.0.0.3", port), fourth = On("127.0.0.4", port);
        string name = $"db.test:{port}";
        await using SluiceProcess sluice = await StartAsync(name, $"discovery: {{ resolver: \"127.0.0.1:{dns.Port}\", min_ttl: 10ms, max_ttl: 50ms }}");
        await UntilAsync(sluice, $"{name}/127.0.0.2 {name}/127.0.0.3");
        using Pair old = await DialAsync(sluice, name, second, third);
        using Pair other = await DialAsync(sluice, name, second, third);
        Assert.NotEqual(old.Server, other.Server);

        await dns.ChangeAsync("127.0.0.4 db.test\n");
        await UntilAsync(sluice, $"{name}/127.0.0.4");
        using Pair next = await DialAsync(sluice, name, fourth);
        await old.TalkAsync();
        await other.TalkAsync();

        await dns.StopAsync();
        await sluice.LoggedAsync("db.test could not be looked up", "its 1 addresses of", "are used on");
        Assert.Equal($"{name}/127.0.0.4", await EndpointsAsync(sluice));
        using (Pair meanwhile = await DialAsync(sluice, name, fourth))
            await meanwhile.TalkAsync();

        // The name does not exist any more: that is no reason to drop anything either.
        await scratch.WriteAsync("hosts", "127.0.0.9 other.test\n");
        await dns.StartAsync();
        await sluice.LoggedAsync("db.test could not be looked up", "there is no such name", "are used on");
        await dns.ChangeAsync("127.0.0.3 db.test\n");
        await UntilAsync(sluice, $"{name}/127.0.0.3");
        await sluice.LoggedAsync("db.test can be looked up again after", "1 endpoints added, 1 removed");
        Assert.Contains("error_type=\"nxdomain\"", await sluice.MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 180_000)]
    public async Task ServicesHavePortsPrioritiesAndWeights()
    {
        using var scratch = new Scratch();
        int first = Ports.Free(), second = Ports.Free(), backup = Ports.Free();
        await using Dnsmasq dns = await Dnsmasq.StartAsync(
            scratch, "127.0.0.2 a.test\n127.0.0.3 b.test\n127.0.0.4 c.test\n",
            $"--srv-host=_db._tcp.test,a.test,{first},10,3", $"--srv-host=_db._tcp.test,b.test,{second},10,1", $"--srv-host=_db._tcp.test,c.test,{backup},20,0");
        using Server a = On("127.0.0.2", first), b = On("127.0.0.3", second);
        await using SluiceProcess sluice = await StartAsync("_db._tcp.test", $"discovery: {{ type: srv, resolver: \"127.0.0.1:{dns.Port}\", interval: 50ms }}");
        await UntilAsync(sluice, $"a.test:{first}/127.0.0.2 b.test:{second}/127.0.0.3 c.test:{backup}/127.0.0.4");

        JsonElement cluster = (await sluice.ClustersAsync()).GetProperty("clusters")[0];
        Assert.Equal(
            "0/3/True 0/1/True 1/1/False",
            string.Join(' ', cluster.GetProperty("endpoints").EnumerateArray().Select(
                endpoint => $"{endpoint.GetProperty("priority")}/{endpoint.GetProperty("weight")}/{endpoint.GetProperty("eligible")}")));
        List<Pair> pairs = [];
        for (int i = 0; i < 8; i++)
            pairs.Add(await DialAsync(sluice, "_db._tcp.test", a, b));
        Assert.Equal((6, 2), (pairs.Count(pair => pair.Server == a), pairs.Count(pair => pair.Server == b)));
        pairs.ForEach(pair => pair.Dispose());
    }

    [Fact(Timeout = 180_000)]
    public async Task AnAnswerTooLargeForADatagramIsTakenWithinBoundsFromTheResolverThatWorks()
    {
        using var scratch = new Scratch();
        string[] addresses = [.. Enumerable.Range(0, 300).Select(i => $"127.1.{i / 100}.{(i % 100) + 100}")];
        await using Dnsmasq dns = await Dnsmasq.StartAsync(scratch, string.Concat(addresses.Select(address => $"{address} many.test\n")));
        await using SluiceProcess sluice = await StartAsync("many.test:9", $"discovery: {{ resolver: [\"127.0.0.1:{Ports.Free()}\", \"127.0.0.1:{dns.Port}\"], interval: 10ms }}");
        await UntilAsync(sluice, string.Join(' ', addresses.Take(256).Select(address => $"many.test:9/{address}")));
        // The server turns its answers round; what is left out stays the same.
        await sluice.LoggedAsync("many.test leads to 256 addresses: 256 endpoints added, 0 removed");
        await AnswersAsync(sluice, 5);
        Assert.Single(sluice.Log.Split('\n'), line => line.Contains("many.test leads to", StringComparison.Ordinal));
    }

    [Fact(Timeout = 180_000)]
    public async Task AStartWithoutAResolverIsReadyAndServesOnceThereIsOne()
    {
        using var scratch = new Scratch();
        await using Dnsmasq dns = await Dnsmasq.StartAsync(scratch, "127.0.0.2 db.test\n::1 db.test\n");
        await dns.StopAsync();
        int port = Ports.Free();
        using Server server = On("127.0.0.2", port);
        string name = $"db.test:{port}";
        await using SluiceProcess sluice = await StartAsync(name, $"discovery: {{ resolver: \"127.0.0.1:{dns.Port}\" }}", "connect_timeout: 1m");
        using Socket early = await Sockets.DialAsync(sluice.To(name));
        await sluice.LoggedAsync("db.test could not be looked up", "it has no addresses yet");
        await dns.StartAsync();
        await UntilAsync(sluice, $"{name}/127.0.0.2 {name}/::1");
        // One of its two addresses serves; a connection finds it.
        using Socket accepted = await server.AcceptAsync();
        await early.SendAllAsync("hello"u8.ToArray());
        Assert.Equal("hello", Encoding.ASCII.GetString(await accepted.ReceiveExactlyAsync(5)));
    }

    private static Task<SluiceProcess> StartAsync(string name, params string[] cluster) =>
        SluiceProcess.StartAsync([name], "reactor", ["max_connections: 100"], cluster);

    private static Server On(string address, int port) => new(new IPEndPoint(IPAddress.Parse(address), port));

    private static async Task<string> EndpointsAsync(SluiceProcess sluice) => string.Join(' ', (await sluice.ClustersAsync())
        .GetProperty("clusters")[0].GetProperty("endpoints").EnumerateArray().Select(endpoint => endpoint.GetProperty("endpoint").GetString()));

    private static async Task UntilAsync(SluiceProcess sluice, string endpoints)
    {
        string last = "";
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (long end = Environment.TickCount64 + 60_000; (last = await EndpointsAsync(sluice)) != endpoints;)
        {
            Assert.True(Environment.TickCount64 < end, $"waited for {endpoints}, there is {last}\n{sluice.Log}");
            await tick.WaitForNextTickAsync(Deadline.Token);
        }
    }

    // Waits for so many more good answers.
    private static async Task AnswersAsync(SluiceProcess sluice, int count)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        HashSet<string> seen = [];
        for (long end = Environment.TickCount64 + 60_000; seen.Count <= count;)
        {
            Assert.True(Environment.TickCount64 < end, $"{seen.Count} of {count} answers\n{sluice.Log}");
            seen.Add((await sluice.ClustersAsync()).GetProperty("clusters")[0].GetProperty("discovery")[0].GetProperty("answered_at").GetString()!);
            await tick.WaitForNextTickAsync(Deadline.Token);
        }
    }

    // Whichever of the servers it is that the connection leads to.
    private static async Task<Pair> DialAsync(SluiceProcess sluice, string name, params Server[] servers)
    {
        Socket client = await Sockets.DialAsync(sluice.To(name));
        using var found = CancellationTokenSource.CreateLinkedTokenSource(Deadline.Token);
        Task<Socket>[] accepting = [.. servers.Select(server => server.AcceptAsync(found.Token).AsTask())];
        Task<Socket> accepted = await Task.WhenAny(accepting).OrHung("a connection at one of the servers");
        var pair = new Pair(client, await accepted, servers[Array.IndexOf(accepting, accepted)]);
        await found.CancelAsync();
        await Task.WhenAll(accepting).ContinueWith(_ => { }, TaskScheduler.Default);
        await pair.TalkAsync();
        return pair;
    }

    private sealed record Pair(Socket Client, Socket Accepted, Server Server) : IDisposable
    {
        public async Task TalkAsync()
        {
            await Client.SendAllAsync("ping"u8.ToArray());
            Assert.Equal("ping", Encoding.ASCII.GetString(await Accepted.ReceiveExactlyAsync(4)));
            await Accepted.SendAllAsync("pong"u8.ToArray());
            Assert.Equal("pong", Encoding.ASCII.GetString(await Client.ReceiveExactlyAsync(4)));
        }

        public void Dispose()
        {
            Client.Dispose();
            Accepted.Dispose();
        }
    }
}
