namespace Sluice.Redirect.Tests.Compilation.Kernel;

/// <summary>Where a long run of random programs begins: anew each time, or with the seed that failed.</summary>
internal static class Seeds
{
    public const string Variable = "SLUICE_SEED";

    public static int First() =>
        int.TryParse(Environment.GetEnvironmentVariable(Variable), out int seed) ? seed : Random.Shared.Next(1_000_000_000);
}
