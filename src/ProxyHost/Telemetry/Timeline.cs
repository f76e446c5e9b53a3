using System.Diagnostics;
using Sluice.ProxyHost.Connections;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>
/// What happened to a connection, in order. Most of it is told by the fields that it has anyway; the rest by its trace, where it
/// has one.
/// </summary>
/// <param name="Events">The first came first.</param>
/// <param name="LeftOut">How many were too many to keep, between the first and the last.</param>
internal sealed record Timeline(TimelineEvent[] Events, int LeftOut)
{
    /// <summary>Of a connection, from any thread.</summary>
    /// <param name="connection">It may go on meanwhile.</param>
    /// <param name="end">How it ended; null while it is open.</param>
    public static Timeline Of(ProxiedConnection connection, AccessRecord? end)
    {
        var events = new List<TimelineEvent> { new(0, "accepted") };
        string cluster = connection.Cluster.Cluster.Config.Name;
        Add(connection.RoutedAt, at => new(at, "routed") { Cluster = cluster, Route = connection.Route });
        Add(connection.AdmittedAt, at => new(at, "admitted") { Cluster = cluster });
        (TraceEntry[] unusual, int leftOut) = connection.Trace?.Read() ?? ([], 0);
        foreach (TraceEntry entry in unusual)
            Add(entry.At, at => Of(at, entry));
        string? endpoint = connection.Endpoint?.Config.Text;
        if (connection.IsJoined)
            Add(connection.ConnectedAt, at => new(at, "connected") { Endpoint = endpoint, Seconds = Seconds(connection.AttemptAt, connection.ConnectedAt) });
        else if (end is null)
            Add(connection.AttemptAt, at => new(at, "connecting") { Endpoint = endpoint });
        Add(connection.FirstByteFromClientAt, at => new(at, "first_byte") { Direction = Direction.FromClient.Name() });
        Add(connection.FirstByteFromUpstreamAt, at => new(at, "first_byte") { Direction = Direction.FromUpstream.Name() });
        Add(connection.ClientClosedAt, at => new(at, "half_closed") { Direction = Direction.FromClient.Name() });
        Add(connection.UpstreamClosedAt, at => new(at, "half_closed") { Direction = Direction.FromUpstream.Name() });

        // OrderBy keeps the order of what happened at the same time.
        TimelineEvent[] ordered = [.. events.OrderBy(one => one.At), .. Ended(end)];
        return new(ordered, leftOut);

        void Add(long timestamp, Func<double, TimelineEvent> make)
        {
            if (timestamp != 0)
                events.Add(make(Seconds(connection.AcceptedAt, timestamp)));
        }
    }

    private static TimelineEvent Of(double at, in TraceEntry entry) => entry.Endpoint is null
        ? new(at, "data_path") { Direction = entry.Direction.Name(), DataPath = entry.Path.Name() }
        : new(at, "connect_failed") { Endpoint = entry.Endpoint, Error = entry.Error, Seconds = Seconds(entry.Began, entry.At) };

    private static TimelineEvent[] Ended(AccessRecord? end) => end is null
        ? []
        :
        [
            new(Math.Round(end.TotalSeconds, 6), "ended")
            {
                Reason = end.End.Name(),
                Error = end.Errno == Errno.None ? null : end.Errno.ToString(),
                FirstToClose = end.FirstToClose is { } side ? AccessRecord.Side(side) : null,
            },
        ];

    private static double Seconds(long from, long to) => Math.Round(Stopwatch.GetElapsedTime(from, to).TotalSeconds, 6);
}
