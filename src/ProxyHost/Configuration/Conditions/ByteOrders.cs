using Sluice.ProxyHost.Configuration.Types;

namespace Sluice.ProxyHost.Configuration.Conditions;

/// <summary>The words of <c>order</c>.</summary>
internal static class ByteOrders
{
    /// <summary>True is little-endian.</summary>
    public static ChoiceType<bool> Type { get; } = new(new("big", false), new("little", true));
}
