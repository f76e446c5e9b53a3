namespace Sluice.Faults;

/// <summary>What a machine does not allow: a reason to skip a test, or to fail it where SLUICE_REQUIRE_KERNEL=1.</summary>
internal static class Obstacles
{
    public static void SkipWhen(bool isThere, string reason)
    {
        Assert.False(isThere && Environment.GetEnvironmentVariable("SLUICE_REQUIRE_KERNEL") == "1", $"{reason}, and SLUICE_REQUIRE_KERNEL=1");
        Assert.SkipWhen(isThere, reason);
    }
}
