using Sluice.Redirect.Transports;

namespace Sluice.Functional;

/// <summary>What the tests of the kernel's paths have in common.</summary>
internal static class KernelRequirement
{
    /// <summary>Ends the test where there is an obstacle: it is skipped, or fails where the kernel is required.</summary>
    public static void SkipWhere(string? obstacle)
    {
        bool required = Environment.GetEnvironmentVariable("SLUICE_REQUIRE_KERNEL") == "1";
        Assert.False(obstacle is not null && required, $"{obstacle}, and SLUICE_REQUIRE_KERNEL=1");
        Assert.SkipWhen(obstacle is not null, obstacle ?? "");
    }

    /// <summary>Bytes that the transport holds for slow readers.</summary>
    public static long HeldBytes(ITransport transport) => ((ReactorTransport)transport).Reactors.Sum(reactor => reactor.HeldBytes);
}
