using System.Net;
using Sluice.ProxyHost.Configuration.Types;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>The table of <c>admin</c>.</summary>
internal static class AdminSection
{
    private static readonly Key<AdminConfig, ListenAddress> Listen = new("listen", new ListenAddressType(), a => a.Listen)
    {
        Summary = "Where health, readiness, metrics and the list of connections are served over HTTP. Keep it off public addresses: " +
            "it has no login.",
        Example = "127.0.0.1:9901",
        Default = new ListenAddress("127.0.0.1:9901", new IPEndPoint(IPAddress.Loopback, 9901)),
    };

    public static Section<AdminConfig> Type { get; } = new([Listen], v => new AdminConfig(v.Of(Listen)));
}
