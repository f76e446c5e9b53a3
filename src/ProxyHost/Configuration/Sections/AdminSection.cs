using System.Net;
using Sluice.ProxyHost.Configuration.Types;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>The table of <c>admin</c>.</summary>
internal static class AdminSection
{
    private static readonly Key<AdminConfig, ListenAddress> Listen = new("listen", new ListenAddressType(), a => a.Listen)
    {
        Summary = "Where health, readiness, metrics and the list of connections are served over HTTP. Keep it off public addresses: " +
            "whoever reaches it may read.",
        Example = "127.0.0.1:9901",
        Default = new ListenAddress("127.0.0.1:9901", new IPEndPoint(IPAddress.Loopback, 9901)),
    };

    private static readonly Key<AdminConfig, string?> TokenFile =
        new("token_file", new OptionalType<string>(new FilePathType(), null), a => a.TokenFile)
        {
            Summary = "A file whose first line is the token that POST and DELETE must carry, as `Authorization: Bearer`. It is read for each " +
                "of them. Without it they are permitted only where `listen` is a `unix:/path`, whose permissions then guard them.",
            Example = "/run/secrets/sluice-admin",
            Default = null,
        };

    private static readonly Key<AdminConfig, RecorderConfig> Recorder = new("recorder", RecorderSection.Type, a => a.Recorder)
    {
        Summary = "What is kept of connections that did not end in the ordinary way.",
        Default = RecorderConfig.Default,
    };

    public static Section<AdminConfig> Type { get; } =
        new([Listen, TokenFile, Recorder], v => new AdminConfig(v.Of(Listen)) { TokenFile = v.Of(TokenFile), Recorder = v.Of(Recorder) });
}
