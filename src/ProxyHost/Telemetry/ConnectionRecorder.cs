using System.Diagnostics;
using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Model;
using Sluice.Redirect.Splicing;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>
/// Where a connection's end is written down, exactly once: in the counts and metrics of its listener, in the access log, and where
/// it was not an ordinary one in the flight recorder.
/// </summary>
internal sealed class ConnectionRecorder(ListenerState listener, ProxyMetrics metrics, AccessLog access, FlightRecorder flights)
{
    private readonly ListenerMetrics _metrics = metrics.For(listener);

    /// <summary>A connection that was let in has ended.</summary>
    public void Ended(ProxiedConnection connection, SpliceResult end)
    {
        TimeSpan lifetime = Stopwatch.GetElapsedTime(connection.AcceptedAt);
        _metrics.Ended(connection.Cluster, end.Reason, lifetime);
        Write(connection, end, lifetime);
    }

    /// <summary>A connection has its upstream and is about to be spliced.</summary>
    public void Opened(ProxiedConnection connection) => access.WriteOpen(connection);

    /// <summary>A connection is let in that a limit in a dry run would have refused. Its record will say so as well.</summary>
    public void WouldRefuse(ProxiedConnection connection) => _metrics.WouldReject(connection.Cluster, connection.WouldRefuse);

    /// <summary>A connection was refused at once.</summary>
    public void Refused(ProxiedConnection connection, EndReason reason)
    {
        _metrics.Rejected(connection.Cluster, reason);
        Write(connection, new(reason, 0, 0, null, default), TimeSpan.Zero);
    }

    private void Write(ProxiedConnection connection, SpliceResult end, TimeSpan lifetime)
    {
        listener.Live.Ends.Add(end.Reason);
        bool isOrdinary = end.Reason == EndReason.Completed;
        bool isKept = !isOrdinary && connection.IsKept(end.Reason);
        bool isWritten = access.Wants(isOrdinary, out int leftOut);
        if (!isKept && !isWritten)
            return;
        AccessRecord record = AccessRecord.Of(connection, end, lifetime);
        if (isWritten)
            access.Write(leftOut == 0 ? record : record with { LeftOut = leftOut });
        if (isKept)
            flights.Add(connection, record);
    }
}
