using System.Collections.Immutable;
using Sluice.ProxyHost.Configuration.Conditions;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration.Programs;

/// <summary>The table of <c>push</c>.</summary>
internal static class PushSection
{
    private static readonly Key<PushBytes, int> At = new("at", Offsets.InMessage, p => p.Offset)
    {
        Summary = "How many bytes of the message go before them; behind its last byte where it has fewer.",
        Example = "4",
        Default = 0,
    };

    private static readonly Key<PushBytes, ImmutableArray<byte>> Text = OctetsSection.Text<PushBytes>(RuleLimits.ValueBytes, p => p.Bytes);

    private static readonly Key<PushBytes, ImmutableArray<byte>> Hex = OctetsSection.Hex<PushBytes>(RuleLimits.ValueBytes, p => p.Bytes);

    public static Section<PushBytes> Type { get; } = new(
        [At, Text, Hex], v => new PushBytes(v.Of(At), OctetsSection.Value(v, Text, Hex)))
    {
        Check = (v, at) => OctetsSection.Check(v, at, Text, Hex),
        Constrain = OctetsSection.Constrain,
    };
}
