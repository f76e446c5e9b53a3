namespace Sluice.Fuzz.Targets;

/// <summary>All there are.</summary>
internal static class FuzzTargets
{
    public static FuzzTarget[] All { get; } = [HelloTarget.Value, YamlTarget.Value, RulesTarget.Value, FramingTarget.Value, ProxyTarget.Value, VerdictTarget.Value, BpfTarget.Value];
}
