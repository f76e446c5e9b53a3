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

    [LoggerMessage(60, LogLevel.Information, "offload: this kernel is trusted to carry connections, as an earlier start since it booted has found; the rest was looked at in {Milliseconds} ms")]
    public static partial void OffloadStillTrusted(this ILogger log, long milliseconds);

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

    [LoggerMessage(70, LogLevel.Information, "offload: applications on this host may send past the proxy")]
    public static partial void BypassTrusted(this ILogger log);

    [LoggerMessage(71, LogLevel.Warning, "offload: applications on this host may send past the proxy, but are told wrong numbers by this kernel: {Finding}. Programs that ask (nginx, some runtimes) stall or cut streams short; `sluice doctor` has the check")]
    public static partial void BypassTrustedButNotIntact(this ILogger log, string finding);

    [LoggerMessage(72, LogLevel.Warning, "offload: bypass was asked for, but this kernel is NOT trusted with it and all bytes come through the proxy. {Check}: {Finding}. {Advice}")]
    public static partial void BypassRefused(this ILogger log, string check, string finding, string? advice);

    [LoggerMessage(EventId = 30, Message = "reload by {Trigger}: {Result}; generation {Generation} goes")]
    public static partial void Reloaded(this ILogger log, LogLevel level, string trigger, string result, long generation);

    [LoggerMessage(31, LogLevel.Information, "reload: {Change}")]
    public static partial void ReloadChange(this ILogger log, string change);

    [LoggerMessage(32, LogLevel.Error, "reload: {Error}")]
    public static partial void ReloadError(this ILogger log, string error);

    [LoggerMessage(33, LogLevel.Warning, "reload: {Warning}")]
    public static partial void ReloadWarning(this ILogger log, string warning);

    [LoggerMessage(34, LogLevel.Error, "reload: a defect was met")]
    public static partial void ReloadDefect(this ILogger log, Exception defect);

    [LoggerMessage(35, LogLevel.Information, "drain of {Scope} {What}: {Connections} connections are open")]
    public static partial void DrainSet(this ILogger log, string what, string scope, int connections);

    [LoggerMessage(36, LogLevel.Warning, "the configuration's file is not watched: {Error}")]
    public static partial void WatchFailed(this ILogger log, string error);

    [LoggerMessage(40, LogLevel.Information, "upgrade: a successor has come and gets the listening sockets")]
    public static partial void UpgradeBegun(this ILogger log);

    [LoggerMessage(41, LogLevel.Warning, "upgrade: the successor is gone before it was ready; this daemon goes on")]
    public static partial void UpgradeGivenUp(this ILogger log);

    [LoggerMessage(42, LogLevel.Information, "upgrade: the successor is ready; this daemon accepts no more and leaves")]
    public static partial void UpgradeDone(this ILogger log);

    [LoggerMessage(43, LogLevel.Warning, "upgrade: a process of another user was sent away")]
    public static partial void UpgradeRefused(this ILogger log);

    [LoggerMessage(44, LogLevel.Error, "upgrade: a defect was met; this daemon gives no sockets away any more")]
    public static partial void UpgradeDefect(this ILogger log, Exception defect);

    [LoggerMessage(45, LogLevel.Warning, "upgrade: {Socket} cannot be listened on, so there can be no successor: {Error}")]
    public static partial void NoUpgradeSocket(this ILogger log, string socket, string error);

    [LoggerMessage(47, LogLevel.Information, "upgrade: a successor may come to {Socket}")]
    public static partial void UpgradeAwaited(this ILogger log, string socket);

    [LoggerMessage(46, LogLevel.Warning, "the inherited socket {Address} is no address of this configuration and was closed")]
    public static partial void SocketLeft(this ILogger log, EndPoint address);
    [LoggerMessage(50, LogLevel.Warning, "{Cluster}: {Endpoint} is unhealthy: {Cause}; {Advice}{Note}")]
    public static partial void EndpointUnhealthy(this ILogger log, string cluster, string endpoint, string cause, string advice, string note);

    [LoggerMessage(51, LogLevel.Information, "{Cluster}: {Endpoint} is healthy again: {Cause}{Note}")]
    public static partial void EndpointHealthy(this ILogger log, string cluster, string endpoint, string cause, string note);

    [LoggerMessage(52, LogLevel.Error, "{Cluster}: only {Healthy} of {Endpoints} endpoints are healthy, too few to do without the others: unhealthy ones are used as well{Note}")]
    public static partial void PanicBegan(this ILogger log, string cluster, int healthy, int endpoints, string note);

    [LoggerMessage(53, LogLevel.Information, "{Cluster}: enough endpoints are healthy again, only those are used{Note}")]
    public static partial void PanicEnded(this ILogger log, string cluster, string note);

    [LoggerMessage(80, LogLevel.Information, "privileges: of its capabilities the daemon keeps {Kept} and has given up {Count} for good{User}")]
    public static partial void PrivilegesGivenUp(this ILogger log, string kept, int count, string user);

    [LoggerMessage(81, LogLevel.Information, "privileges: {Threads} threads of the runtime keep capabilities that are given up otherwise; the native binary has no such threads")]
    public static partial void ThreadsKeepPrivileges(this ILogger log, int threads);

    [LoggerMessage(14, LogLevel.Error, "{Service}: a connection was ended by a defect")]
    public static partial void BuiltinDefect(this ILogger log, Exception defect, string service);
}
