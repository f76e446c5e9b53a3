using System.Net;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Logging;

/// <summary>Every message of the daemon's own log. The access log is apart.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "listening on {Address} for {Listener}, to cluster {Cluster}")]
    public static partial void Listening(this ILogger log, string address, string listener, string cluster);

    [LoggerMessage(2, LogLevel.Information, "ready after {Milliseconds} ms; admin on {Admin}")]
    public static partial void Ready(this ILogger log, long milliseconds, string admin);

    [LoggerMessage(3, LogLevel.Information, "stopping: {Connections} connections have up to {Seconds} s to finish")]
    public static partial void Draining(this ILogger log, int connections, double seconds);

    [LoggerMessage(4, LogLevel.Warning, "drain timeout: closing the remaining {Connections} connections")]
    public static partial void DrainTimeout(this ILogger log, int connections);

    [LoggerMessage(5, LogLevel.Information, "stopped")]
    public static partial void Stopped(this ILogger log);

    [LoggerMessage(6, LogLevel.Warning, "{Connections} connections were still closing when the daemon ended")]
    public static partial void LeftBehind(this ILogger log, int connections);

    [LoggerMessage(10, LogLevel.Warning, "{Listener}: accept on {Address} failed with {Error}, {Advice}; new clients wait in the backlog, open connections go on{Note}")]
    public static partial void AcceptFailed(this ILogger log, string listener, EndPoint address, string error, string advice, string note);

    [LoggerMessage(11, LogLevel.Critical, "{Listener}: accepting ended by a defect; the daemon is no longer ready")]
    public static partial void AcceptEnded(this ILogger log, Exception defect, string listener);

    [LoggerMessage(12, LogLevel.Warning, "{Cluster}: attempt {Attempt} of {Attempts} to connect to {Endpoint} failed: {Error}{Note}")]
    public static partial void ConnectFailed(this ILogger log, string cluster, int attempt, int attempts, string endpoint, string error, string note);

    [LoggerMessage(13, LogLevel.Error, "connection {Id} from {Client} on {Listener} was ended by a defect{Note}")]
    public static partial void ConnectionDefect(this ILogger log, Exception defect, long id, EndPoint? client, string listener, string note);

    [LoggerMessage(15, LogLevel.Critical, "a reactor met a defect; it goes on")]
    public static partial void ReactorDefect(this ILogger log, Exception defect);

    [LoggerMessage(16, LogLevel.Information, "offload: this kernel is trusted to carry connections, as found in {Milliseconds} ms")]
    public static partial void OffloadTrusted(this ILogger log, long milliseconds);

    [LoggerMessage(17, LogLevel.Warning, "offload: sockmap is asked for, but this kernel is NOT trusted and all connections stay in user space. {Check}: {Finding}. {Advice} `sluice doctor` shows every check")]
    public static partial void OffloadRefusedAlthoughAsked(this ILogger log, string check, string finding, string? advice);

    [LoggerMessage(18, LogLevel.Information, "offload: auto stays in user space. {Check}: {Finding}")]
    public static partial void OffloadRefused(this ILogger log, string check, string finding);

    [LoggerMessage(19, LogLevel.Information, "offload: auto uses {Path}; {Figure}")]
    public static partial void Calibrated(this ILogger log, string path, string figure);

    [LoggerMessage(20, LogLevel.Warning, "offload: a reactor's maps could not be made, its connections stay in user space: {Error} {Verifier}")]
    public static partial void OffloadUnavailable(this ILogger log, Errno error, string verifier);

    [LoggerMessage(21, LogLevel.Error, "offload: the preflight met a defect; all connections stay in user space")]
    public static partial void PreflightDefect(this ILogger log, Exception defect);

    [LoggerMessage(30, LogLevel.Warning, "{Cluster}: {Endpoint} is unhealthy: {Cause}; {Advice}{Note}")]
    public static partial void EndpointUnhealthy(this ILogger log, string cluster, string endpoint, string cause, string advice, string note);

    [LoggerMessage(31, LogLevel.Information, "{Cluster}: {Endpoint} is healthy again: {Cause}{Note}")]
    public static partial void EndpointHealthy(this ILogger log, string cluster, string endpoint, string cause, string note);

    [LoggerMessage(32, LogLevel.Error, "{Cluster}: only {Healthy} of {Endpoints} endpoints are healthy, too few to do without the others: unhealthy ones are used as well{Note}")]
    public static partial void PanicBegan(this ILogger log, string cluster, int healthy, int endpoints, string note);

    [LoggerMessage(33, LogLevel.Information, "{Cluster}: enough endpoints are healthy again, only those are used{Note}")]
    public static partial void PanicEnded(this ILogger log, string cluster, string note);

    [LoggerMessage(14, LogLevel.Error, "{Service}: a connection was ended by a defect")]
    public static partial void BuiltinDefect(this ILogger log, Exception defect, string service);
}
