using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Sluice.ProxyHost.Admin;

/// <summary>What a client of the admin endpoint may have: its requests are short, and have no body.</summary>
internal static class AdminLimits
{
    /// <summary>Clients at a time, on both addresses together; more are closed at once.</summary>
    public const int Connections = 256;

    /// <summary>Bytes of a request's first line, and of all its headers.</summary>
    public const int RequestLine = 4096, Headers = 16 * 1024;

    /// <summary>From the first byte of a request to the end of its headers.</summary>
    public static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Without a request.</summary>
    public static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(60);

    /// <summary>Tells the server.</summary>
    public static void Set(KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = 0;
        limits.MaxConcurrentConnections = Connections;
        limits.MaxRequestLineSize = RequestLine;
        limits.MaxRequestHeadersTotalSize = Headers;
        limits.MaxRequestHeaderCount = 50;
        limits.RequestHeadersTimeout = HeadersTimeout;
        limits.KeepAliveTimeout = KeepAlive;
    }
}
