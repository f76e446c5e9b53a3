using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Conditions;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.Redirect.Rules;
using YamlDotNet.RepresentationModel;

namespace Sluice.ProxyHost.Configuration.Programs;

/// <summary>The table of <c>framing</c>: exactly one way in which a stream divides into messages.</summary>
internal static class FramingSection
{
    private static readonly Key<Framing, FixedLength?> Fixed = new("fixed_length",
        new OptionalType<FixedLength>(
            new MappedType<int, FixedLength>(Offsets.OfMessage, bytes => new FixedLength(bytes), f => f.Bytes), null),
        f => f as FixedLength)
    {
        Summary = "Every message has so many bytes.",
        Example = "64",
        Default = null,
    };

    private static readonly Key<Framing, LengthPrefix?> Prefix =
        new("length_prefix", new OptionalType<LengthPrefix>(LengthPrefixSection.Type, null), f => f as LengthPrefix)
        {
            Summary = "A message says in its head how long it is.",
            Example = "{ offset: 0, width: u32 }",
            Default = null,
        };

    private static readonly Key<Framing, Delimiter?> Delimited = new("delimiter",
        new OptionalType<Delimiter>(
            new MappedType<ImmutableArray<byte>, Delimiter>(OctetsSection.OrText(RuleLimits.ValueBytes), bytes => new Delimiter(bytes), d => d.Bytes), null),
        f => f as Delimiter)
    {
        Summary = "A message ends with these bytes.",
        Example = "\"\\r\\n\"",
        Default = null,
    };

    private static Section<Framing> Type { get; } = new(
        [Fixed, Prefix, Delimited],
        // Where none is given, the check has said so, and what stands here is not used.
        v => (Framing?)v.Of(Fixed) ?? (Framing?)v.Of(Prefix) ?? (Framing?)v.Of(Delimited) ?? new FixedLength(1))
    {
        Check = (_, at) =>
        {
            if (((YamlMappingNode)at.Node).Children.Count != 1)
                at.Error("a stream divides into messages in exactly one way", "give one of `fixed_length`, `length_prefix` and `delimiter`");
        },
        Constrain = schema => (schema["minProperties"], schema["maxProperties"]) = (1, (JsonNode)1),
    };

    /// <summary>The type as keys have it: described once, as <c>framing</c>.</summary>
    public static SharedType<Framing> Shared { get; } = new("framing", "how the stream divides into messages", () => Type);
}
