using System.Collections.Immutable;
using System.Net;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.Redirect.ProxyProtocol;
using Sluice.Redirect.Transports;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>The table of a listener's <c>proxy_protocol</c>.</summary>
internal static class ProxyProtocolSection
{
    private static readonly Key<ProxyProtocolConfig, ProxyProtocolMode> Mode = new("mode", new ChoiceType<ProxyProtocolMode>(
        new("off", ProxyProtocolMode.Off), new("optional", ProxyProtocolMode.Optional), new("required", ProxyProtocolMode.Required)), p => p.Mode)
    {
        Summary = "Whether connections begin with a PROXY header, version 1 or 2: all of them and from `trusted` only (`required`), " +
            "those from `trusted` that wish to (`optional`), or none (`off`).",
        Example = "optional",
        Default = ProxyProtocolMode.Required,
    };

    private static readonly Key<ProxyProtocolConfig, ImmutableArray<IPNetwork>> Trusted = new("trusted",
        new OptionalType<ImmutableArray<IPNetwork>>(new ListType<IPNetwork>(new PrefixType(), "prefixes", orOne: true), []), p => p.Trusted)
    {
        Summary = "The proxies whose headers are believed; needed unless `mode` is `off`. Others are refused where a header is " +
            "`required`, and their bytes are data where it is `optional`. Who connects to a unix socket is trusted.",
        Example = "[10.0.0.0/8, fd00::/8]",
        Default = [],
    };

    private static readonly Key<ProxyProtocolConfig, TimeSpan> Timeout = new("timeout", Durations.UpToAnHour, p => p.Timeout)
    {
        Summary = "How long the header may take. A silent client of an `optional` listener is connected after it.",
        Example = "1s",
        Default = TimeSpan.FromSeconds(5),
    };

    private static readonly Key<ProxyProtocolConfig, int> MaxBytes = new("max_bytes", new MappedType<long, int>(
        new ByteSizeType(ProxyHeaderReader.LongestText, PreludeLimits.LargestMaxBytes), size => (int)size, size => size), p => p.MaxBytes)
    {
        Summary = "The longest header that is accepted. A connection keeps what its header has besides addresses for as long as it lives.",
        Example = "1KiB",
        Default = 4096,
    };

    public static Section<ProxyProtocolConfig> Type { get; } = new(
        [Mode, Trusted, Timeout, MaxBytes],
        v => new ProxyProtocolConfig(v.Of(Mode), v.Of(Trusted), v.Of(Timeout), v.Of(MaxBytes)))
    {
        Check = (v, at) =>
        {
            if (v.TryOf(Mode, out ProxyProtocolMode mode) && mode != ProxyProtocolMode.Off && v.TryOf(Trusted, out var trusted) && trusted.IsEmpty)
                at.Error("`trusted` is missing: a header from anybody would let anybody choose an address", "add something like `trusted: [10.0.0.0/8]`");
        },
    };
}
