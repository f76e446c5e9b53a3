namespace Sluice.Fuzz;

/// <summary>What targets say when they find something.</summary>
internal static class Check
{
    public static void Equal<T>(T expected, T actual, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
            throw new InvalidDataException($"{what}: {expected} expected, {actual} found");
    }
}
