using Sluice.ProxyHost.Admin;
using Sluice.ProxyHost.Admin.Live;

namespace Sluice.ProxyHost.Tests.Cli.Top;

/// <summary>Answers of /live as a daemon might give them, one listener <c>l</c> to one cluster <c>c</c>.</summary>
internal static class Answers
{
    public static readonly double[] Bounds = [0.001, 0.01, 0.1];

    public static LiveView At(
        double clock, long copied = 0, long accepted = 0, long failed = 0, long verdicts = 0, long[]? connects = null, int pid = 1, string trouble = "", string listener = "l", string endpoint = "10.0.0.1:80")
    {
        Dictionary<string, long> ends = failed == 0 ? [] : new() { ["connect_failed"] = failed };
        LiveTraffic traffic = new("c", 1, new(copied, 0, 0, 0, 0), new(2 * copied, 0, 0, 0, 0));
        LiveEndpoint one = new(endpoint, true, true, false, null, null, 1, null, accepted, failed);
        LiveCluster cluster = new("c", "round_robin", false, 1, 1, 100, null, new(1, connects ?? [0, 0, 0, 0]), new(0, [0, 0, 0, 0]), new(1, [one]));
        ConnectionView connection = new(7, listener, "open", new("192.0.2.1:4711", "192.0.2.2:80"), null, "c", null, endpoint, 1, 3.5, copied, 2 * copied, "copy", "copy", null, null, null, null);
        LiveEnd end = new(6, DateTimeOffset.UnixEpoch, listener, "192.0.2.9:1", "c", endpoint, "connect_failed", null, "ECONNREFUSED", trouble, null, 0.002, 0, 0);
        return new(
            clock, pid, DateTimeOffset.UnixEpoch, clock, "1.2.3", null, new(1, DateTimeOffset.UnixEpoch, "applied"), 20_000_000, 1, Bounds,
            new("off", null, 0, 0, 0, 0),
            new(1, [new(listener, ["127.0.0.1:80"], true, false, 1, 100, accepted, ends, [traffic])]),
            new(1, [cluster]),
            new(1, [new(listener, "p", "r", "drop", false, verdicts)]),
            new(1, [connection]),
            new(failed, failed == 0 ? [] : [end]));
    }
}
