using Sluice.ProxyHost.Configuration.Types;
using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration.Conditions;

/// <summary>The ranges of places and lengths in a message.</summary>
internal static class Offsets
{
    /// <summary>A place in a message; no message is longer.</summary>
    public static ByteCountType InMessage { get; } = new(0, RuleSet.LargestMaxMessage - 1);

    /// <summary>A number of bytes of a message.</summary>
    public static ByteCountType OfMessage { get; } = new(1, RuleSet.LargestMaxMessage);

    /// <summary>Bytes as text.</summary>
    public static OctetTextType Text { get; } = new(RuleLimits.ValueBytes);

    /// <summary>Bytes as hex.</summary>
    public static OctetHexType Hex { get; } = new(RuleLimits.ValueBytes);
}
