using System.Collections.Immutable;
using Sluice.ProxyHost.Configuration.Types;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>The table of a cluster's <c>send_proxy_protocol</c>; mostly just the version.</summary>
internal static class SendProxyProtocolSection
{
    private static readonly ChoiceType<int> Versions = new(new("v1", 1), new("v2", 2));

    private static readonly Key<SendProxyProtocolConfig, int> Version = new("version", Versions, s => s.Version)
    {
        Summary = "The header's version: a line of text (`v1`), or binary (`v2`).",
        Example = "v2",
    };

    private static readonly Key<SendProxyProtocolConfig, ImmutableArray<SentTlvConfig>> Tlvs = new("tlvs",
        new OptionalType<ImmutableArray<SentTlvConfig>>(new ListType<SentTlvConfig>(SentTlvSection.Type, "vectors"), []), s => s.Tlvs)
    {
        Summary = "What `v2` tells besides addresses: the host name that the client asked for where it is known (`authority`), a name that " +
            "no other connection has (`unique_id`), and vectors of your own.",
        Example = "[authority, unique_id, { type: 0xE0, text: \"eu-1\" }]",
        Default = [],
    };

    private static readonly Key<SendProxyProtocolConfig, bool> Checksum = new("checksum", new BooleanType(), s => s.HasChecksum)
    {
        Summary = "Whether a `v2` header ends with a CRC32c of itself.",
        Example = "true",
        Default = false,
    };

    private static readonly Section<SendProxyProtocolConfig> Full = new(
        [Version, Tlvs, Checksum], v => new SendProxyProtocolConfig(v.Of(Version)) { Tlvs = v.Of(Tlvs), HasChecksum = v.Of(Checksum) })
    {
        Check = (v, at) =>
        {
            if (v.TryOf(Version, out int version) && version == 1 && v.TryOf(Tlvs, out var tlvs) && v.TryOf(Checksum, out bool checksum) && (checksum || !tlvs.IsEmpty))
                at.Error("`v1` has no place for vectors and checksums", "write `version: v2`");
        },
    };

    public static YamlType<SendProxyProtocolConfig> Type { get; } = new ShorthandType<int, SendProxyProtocolConfig>(
        Versions, Full, version => new SendProxyProtocolConfig(version),
        (SendProxyProtocolConfig value, out int word) => (word = value.Version) is var _ && value is { Tlvs.IsEmpty: true, HasChecksum: false });
}
