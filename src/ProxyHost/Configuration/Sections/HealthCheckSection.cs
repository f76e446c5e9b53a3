using System.Collections.Immutable;
using Sluice.ProxyHost.Configuration.Programs;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>The table of a cluster's <c>health_check</c>.</summary>
internal static class HealthCheckSection
{
    private const int LongestText = 4096;
    private static readonly HealthCheckConfig Usual = HealthCheckConfig.Default;

    private static readonly ChoiceType<HealthCheckType> Types = new(
        new("connect", HealthCheckType.Connect),
        new("send_expect", HealthCheckType.SendExpect),
        new("tls", HealthCheckType.Tls));

    private static readonly Key<HealthCheckConfig, HealthCheckType> Kind = new("type", Types, h => h.Type)
    {
        Summary = "What a probe asks of an endpoint: to accept a connection, to answer with certain bytes, or to answer the first message of TLS.",
        Example = "send_expect",
        Default = Usual.Type,
    };

    private static readonly Key<HealthCheckConfig, TimeSpan> Interval = new("interval", Durations.UpToAnHour, h => h.Interval)
    {
        Summary = "From one probe of an endpoint to its next.",
        Example = "10s",
        Default = Usual.Interval,
    };

    private static readonly Key<HealthCheckConfig, TimeSpan> Timeout = new("timeout", Durations.UpToAnHour, h => h.Timeout)
    {
        Summary = "How long a probe may take in all, looking up the name and the answer included.",
        Example = "500ms",
        Default = Usual.Timeout,
    };

    private static readonly Key<HealthCheckConfig, int> Jitter = new("jitter", new IntegerType(0, 100), h => h.Jitter)
    {
        Summary = "By how many percent each interval is longer or shorter by chance, so that proxies do not probe in step.",
        Example = "25",
        Default = Usual.Jitter,
    };

    private static readonly Key<HealthCheckConfig, int> Rise = new("rise", new IntegerType(1, 100), h => h.Rise)
    {
        Summary = "Probes in a row that must succeed before an unhealthy endpoint is used again.",
        Example = "3",
        Default = Usual.Rise,
    };

    private static readonly Key<HealthCheckConfig, int> Fall = new("fall", new IntegerType(1, 100), h => h.Fall)
    {
        Summary = "Probes in a row that must fail before a healthy endpoint is no longer used. The very first probe decides alone.",
        Example = "2",
        Default = Usual.Fall,
    };

    private static readonly Key<HealthCheckConfig, ImmutableArray<byte>> Send = Octets("send", h => h.Send,
        "What a `send_expect` probe sends, as a text or in hex; nothing where the server speaks first.", "\"PING\\r\\n\"");

    private static readonly Key<HealthCheckConfig, ImmutableArray<byte>> Expect = Octets("expect", h => h.Expect,
        "What the first 4 KiB of its answer must hold.", "\"+PONG\"");

    public static Section<HealthCheckConfig> Type { get; } = new(
        [Kind, Interval, Timeout, Jitter, Rise, Fall, Send, Expect],
        v => new HealthCheckConfig(v.Of(Kind), v.Of(Interval), v.Of(Timeout), v.Of(Jitter), v.Of(Rise), v.Of(Fall))
        {
            Send = v.Of(Send),
            Expect = v.Of(Expect),
        })
    {
        Check = Fits,
    };

    private static Key<HealthCheckConfig, ImmutableArray<byte>> Octets(
        string name, Func<HealthCheckConfig, ImmutableArray<byte>> get, string summary, string example) =>
        new(name, new OptionalType<ImmutableArray<byte>>(OctetsSection.OrText(LongestText), []), get)
        {
            Summary = summary,
            Example = example,
            Default = [],
        };

    private static void Fits(Values<HealthCheckConfig> v, Cursor at)
    {
        if (!v.TryOf(Kind, out HealthCheckType type) || !v.TryOf(Send, out ImmutableArray<byte> send) || !v.TryOf(Expect, out ImmutableArray<byte> expect))
            return;
        if (type == HealthCheckType.SendExpect)
        {
            if (expect.IsEmpty)
                at.Error("`expect` is missing", "add something like `expect: \"+PONG\"`, or use `type: connect`");
            return;
        }

        if (!send.IsEmpty)
            at.Towards("send").Error("only `type: send_expect` sends something", "write `type: send_expect`");
        if (!expect.IsEmpty)
            at.Towards("expect").Error("only `type: send_expect` expects something", "write `type: send_expect`");
    }
}
