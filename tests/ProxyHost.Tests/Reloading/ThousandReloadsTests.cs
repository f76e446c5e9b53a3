using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.ProxyHost.Tests.Hosting;

namespace Sluice.ProxyHost.Tests.Reloading;

/// <summary>A daemon that nobody shares, reloaded a thousand times: what each reload leaves behind would be there a thousand times.</summary>
public sealed partial class ThousandReloadsTests : IDisposable
{
    // One collection leaves 0.3 MB less to 0.25 MB more than another, as was seen. A snapshot of the model with its listeners, handlers and
    // maps is tens of thousands of bytes, so one left behind by each reload is many times what is allowed here.
    private const long MostHeapPerReload = 1000;
    private const int Reloads = 1000;

    private readonly string _token = Path.GetTempFileName();

    public void Dispose() => File.Delete(_token);

    [Theory(Timeout = 600_000)]
    [InlineData("offload: \"off\"")]
    [InlineData("offload: \"off\", transport: sockets")]
    [InlineData("offload: sockmap")]
    public async Task Nothing_is_left_of_a_thousand_reloads(string runtime)
    {
        bool hasPrograms = !runtime.Contains("sockets", StringComparison.Ordinal);
        await File.WriteAllTextAsync(_token, "s3cret\n", TestContext.Current.CancellationToken);
        await using DaemonProcess daemon = await DaemonProcess.StartAsync(more: $"runtime: {{ {runtime}, reactors: 2 }}", admin: $", token_file: {_token}");
        string plain = "", other = "";
        int added = DaemonTests.UnusedPort();
        await daemon.EditAsync(text =>
        {
            string listeners = hasPrograms ? "cluster: back, programs: { from_client: p } }" : "cluster: back, max_connections: 77 }";
            string programs = hasPrograms ? "programs: [{ name: p, rules: [{ name: all, when: { starts_with: x }, verdict: drop }] }]\n" : "";
            plain = text;
            other = text
                .Replace("cluster: back }", $"{listeners}, {{ name: added, listen: 127.0.0.1:{added}, cluster: more }}", StringComparison.Ordinal)
                .Replace("connect_timeout: 5s }", "connect_timeout: 4s, health_check: { type: connect, interval: 1h } }, { name: more, endpoints: [localhost:1], discovery: dns }", StringComparison.Ordinal)
                + "\n" + programs + "log: { level: warning, access: { interval: 1m, sample: 10 } }\n";
            return other;
        });
        Assert.NotEqual(plain, other);
        using Socket old = await daemon.ConnectAsync();
        await old.PingAsync();
        await ReloadAsync(daemon, 100, plain, other);
        Settled before = await SettleAsync(daemon);
        await ReloadAsync(daemon, Reloads, plain, other);
        Settled after = await SettleAsync(daemon, before);
        TestContext.Current.TestOutputHelper!.WriteLine($"{before} -> {after}");
        Assert.Equal(before.Descriptors, after.Descriptors); // by kind, each of them
        Assert.InRange(after.Threads, 0, before.Threads); // those of the thread pool may have gone
        Assert.InRange(after.Heap, 0, before.Heap + (Reloads * MostHeapPerReload));
        await old.PingAsync();
        using Socket client = await daemon.ConnectAsync();
        await client.PingAsync();
    }

    private static async Task ReloadAsync(DaemonProcess daemon, int times, string plain, string other)
    {
        for (int i = 0; i < times; i++)
        {
            await daemon.EditAsync(_ => i % 2 == 0 ? other : plain);
            (int status, string body) = await daemon.SendAsync(HttpMethod.Post, "/reload", "s3cret");
            Assert.True(status == 200 && JsonDocument.Parse(body).RootElement.GetProperty("result").GetString() == "applied", body);
        }
    }

    // When what has ended is swept and the collector has come by itself, which it does once it is quiet. Descriptors and threads that stay
    // are waited for in vain, until the test's time is up.
    private static async Task<Settled> SettleAsync(DaemonProcess daemon, Settled? before = null)
    {
        double collections = Sum(await daemon.GetAsync("/metrics"), "dotnet_gc_collections_total", "gen2");
        Settled now = default;
        int same = 0;
        long hung = Environment.TickCount64 + 60_000;
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        do
        {
            await tick.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            string metrics = await daemon.GetAsync("/metrics");
            Settled next = new(
                Descriptors(daemon.Id),
                Directory.GetDirectories($"/proc/{daemon.Id}/task").Length,
                (long)Sum(metrics, "dotnet_gc_last_collection_heap_size_bytes", ""));
            bool hasCollected = Sum(metrics, "dotnet_gc_collections_total", "gen2") > collections;
            same = hasCollected && next == now ? same + 1 : 0;
            now = next;
            if (Environment.TickCount64 > hung)
                return now;
        }
        while (same < 6 || (before is { } earlier && (now.Descriptors != earlier.Descriptors || now.Threads > earlier.Threads)));
        return now;
    }

    // Sockets by what the kernel knows them as, everything else by its name. The runtime keeps the files of libraries open, each since its
    // first code ran, which has nothing to do with reloads; a native binary has none.
    private static string Descriptors(int process)
    {
        Dictionary<string, string> sockets = [];
        foreach (string table in (string[])["tcp", "tcp6", "udp", "udp6", "unix", "netlink"])
        {
            foreach (string[] fields in File.ReadLines($"/proc/{process}/net/{table}").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            {
                string inode = table switch { "unix" => fields[6], "netlink" => fields[^1], _ => fields.ElementAtOrDefault(9) ?? "" };
                sockets[inode] = table + (table.StartsWith("tcp", StringComparison.Ordinal) ? $" {fields[3]}" : "");
            }
        }

        IEnumerable<string> kinds = Directory.GetFileSystemEntries($"/proc/{process}/fd")
            .Select(file => File.ResolveLinkTarget(file, returnFinalTarget: false) is { Name: var name } ? name : "gone")
            .Where(name => !name.EndsWith(".dll", StringComparison.Ordinal) && !name.EndsWith(".pdb", StringComparison.Ordinal))
            .Select(name => name.StartsWith("socket:[", StringComparison.Ordinal) ? sockets.GetValueOrDefault(name[8..^1], "other socket") : name.Split(":[")[0]);
        return string.Join(", ", kinds.GroupBy(kind => kind).OrderBy(kind => kind.Key, StringComparer.Ordinal).Select(kind => $"{kind.Count()} {kind.Key}"));
    }

    private static double Sum(string metrics, string name, string generation) => Series().Matches(metrics)
        .Where(match => match.Groups["name"].Value == name && match.Groups["labels"].Value.Contains(generation, StringComparison.Ordinal))
        .Sum(match => double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^(?<name>\w+)\{(?<labels>[^}]*)\} (?<value>\S+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Series();

    private readonly record struct Settled(string Descriptors, int Threads, long Heap);
}
