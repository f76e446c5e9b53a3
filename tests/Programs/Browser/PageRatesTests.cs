using System.Globalization;
using Sluice.Programs.Processes;
using Sluice.ProxyHost.Tests.Cli.Top;

namespace Sluice.Programs.Browser;

/// <summary>The page's own arithmetic, run where it runs.</summary>
public sealed class PageRatesTests
{
    private const int Timeout = 120_000;

    // As /live answers, with one listener to one cluster.
    private const string View = """
        const view = (clock, copy, accepted, failed, pid = 1, name = "l") => ({
          clock_seconds: clock, pid, started_at: "t", latency_bounds_seconds: [0.25, 0.5, 1],
          listeners: { items: [{ name, accepted, ends: failed ? { completed: 9, connect_failed: failed } : {},
            traffic: [{ cluster: "c", from_client: { copy, splice: 0, pipe: 0, sockmap: 0, bypass: 0 }, from_upstream: { copy, splice: 0, pipe: 0, sockmap: 0, bypass: copy } }] }] },
          clusters: { items: [{ name: "c", connects: { buckets: [accepted, 0, 0, 0] }, waits: { buckets: [0, 0, 0, 0] }, endpoints: { items: [{ endpoint: "e", connected: accepted, failed }] } }] },
          rules: { items: [{ listener: name, program: "p", rule: "r", verdict: "drop", shadow: false, count: accepted }] },
          connections: { items: [{ id: 7, bytes_from_client: copy, bytes_from_upstream: 0 }] },
        });
        const told = rates => JSON.stringify([rates.isRestart, rates.total.fromClient, rates.total.fromUpstream, rates.total.accepted, rates.total.abnormal,
          rates.minute.abnormal, rates.minute.connect50, [...rates.rules.values()][0], rates.connections.get(7), rates.clusters.get("c").endpoints.get("e").failed]);
        """;

    [Fact(Timeout = Timeout)]
    public async Task Rates_are_as_in_the_terminal()
    {
        Chromium.Require();
        await using SluiceProcess sluice = await SluiceProcess.StartAsync(["builtin:echo"]);
        await using Chromium page = Chromium.Open(new Uri(sluice.Admin, "/"));
        Assert.Equal("[false,1000,2000,5,0.5,2,0.125,5,1000,0.5]", Differ(page, "view(100, 1000, 5, 1)", "view(104, 5000, 25, 3)"));
        Assert.Equal("[false,null,null,null,null,null,null,null,null,null]", Differ(page, "null", "view(104, 5000, 25, 3)"));
        Assert.Equal("[true,null,null,null,null,null,null,null,null,null]", Differ(page, "view(100, 1000, 5, 1)", "view(104, 5000, 25, 3, 2)"));
        Assert.Equal("[false,null,null,1,0,0,0.125,1,null,0]", Differ(page, "view(100, 1000, 5, 1)", "view(101, 10, 6, 1)"));
        Assert.Equal("[false,null,null,null,null,0,0.125,null,4000,1]", Differ(page, "view(100, 1000, 5, 1)", "view(101, 5000, 6, 2, 1, 'new')"));
        Assert.Equal("[false,null,null,null,null,4,0.125,null,null,null]", Differ(page, "view(100, 1000, 5, 1)", "view(100, 5000, 6, 5)"));
    }

    [Fact(Timeout = Timeout)]
    public async Task Quantiles_are_as_in_the_terminal()
    {
        Chromium.Require();
        await using SluiceProcess sluice = await SluiceProcess.StartAsync(["builtin:echo"]);
        await using Chromium page = Chromium.Open(new Uri(sluice.Admin, "/"));
        foreach ((double share, long[] counts, double? expected) in QuantileVectors.All.Select(row => row.Data))
        {
            string value = page.Run<string>(
                "const [bounds, counts, share] = arguments; return import('/page/rates.js').then(it => String(it.quantile(bounds, counts, share)))",
                QuantileVectors.Bounds, counts, share);
            Assert.Equal(expected is { } number ? number.ToString(CultureInfo.InvariantCulture) : "null", value);
        }
    }

    private static string Differ(Chromium page, string before, string now) =>
        page.Run<string>($"{View} return import('/page/rates.js').then(it => told(it.differ({before}, {now})))");
}
