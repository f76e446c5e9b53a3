using Sluice.SockMapConformance.Behaviour;

namespace Sluice.SockMapConformance.Engine;

/// <summary>Which engine this project tests.</summary>
internal static class EngineUnderTest
{
    private static readonly ManagedEngine Instance = new();

    public static IVerdictEngine Verdicts { get; } = new ManagedVerdictEngine();

    public static IEngine Get() => Instance;
}
