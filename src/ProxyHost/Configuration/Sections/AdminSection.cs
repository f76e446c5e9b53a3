using System.Net;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>The table of <c>admin</c>.</summary>
internal static class AdminSection
{
    private static readonly Key<AdminConfig, ListenAddress> Listen = new("listen", new ListenAddressType(), a => a.Listen)
    {
        Summary = "Where health, readiness, metrics and the list of connections are served over HTTP. Beyond the loopback only with a " +
            "`token_file` or `allow_beyond_loopback`: whoever reaches it may read.",
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
            IsReloadable = true,
        };

    private static readonly Key<AdminConfig, ListenAddress?> ReadOnlyListen =
        new("read_only_listen", new OptionalType<ListenAddress>(new ListenAddressType(), null), a => a.ReadOnlyListen)
        {
            Summary = "A second address, which serves the same pages for reading only, to Prometheus and health checks of other machines. Nothing can " +
                "be changed over it, token or not. Keep it off public addresses: whoever reaches it sees who is connected.",
            Example = "0.0.0.0:9902",
            Default = null,
        };

    private static readonly Key<AdminConfig, bool> AllowBeyondLoopback =
        new("allow_beyond_loopback", new BooleanType(), a => a.AllowBeyondLoopback)
        {
            Summary = "Whether `listen` may be an address that other machines reach although there is no `token_file`.",
            Example = "true",
            Default = false,
            IsReloadable = true,
        };

    private static readonly Key<AdminConfig, RecorderConfig> Recorder = new("recorder", RecorderSection.Type, a => a.Recorder)
    {
        Summary = "What is kept of connections that did not end in the ordinary way.",
        Default = RecorderConfig.Default,
    };

    public static Section<AdminConfig> Type { get; } = new(
        [Listen, ReadOnlyListen, TokenFile, AllowBeyondLoopback, Recorder],
        v => new AdminConfig(v.Of(Listen))
        {
            ReadOnlyListen = v.Of(ReadOnlyListen),
            TokenFile = v.Of(TokenFile),
            AllowBeyondLoopback = v.Of(AllowBeyondLoopback),
            Recorder = v.Of(Recorder),
        })
    {
        Check = (v, at) =>
        {
            bool isGuarded = (v.TryOf(TokenFile, out string? token) && token is not null) || (v.TryOf(AllowBeyondLoopback, out bool isAllowed) && isAllowed);
            if (!isGuarded && v.TryOf(Listen, out ListenAddress? listen) && listen.EndPoint is IPEndPoint ip && !IPAddress.IsLoopback(ip.Address))
                Unguarded(listen, at.Towards("listen"));
        },
    };

    private static void Unguarded(ListenAddress listen, Cursor at) => at.Error(
        $"other machines reach `{Quote.Text(listen.Text)}`, and nothing guards it",
        "let them read at `read_only_listen` and keep this on 127.0.0.1, or set `token_file`, or say `allow_beyond_loopback: true`");
}
