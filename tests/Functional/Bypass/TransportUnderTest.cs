using Sluice.Redirect.Splicing;
using Sluice.Redirect.Splicing.Bypass;
using Sluice.Redirect.Transports;

namespace Sluice.Functional;

/// <summary>Which transport this project compiles the functional suite for: what applications send goes past the proxy as soon as it may.</summary>
internal static class TransportUnderTest
{
    private const int SpliceMapsSize = 20_000;

    public const string Name = "bypass";

    /// <summary>Whether an RST is passed on although its sender's bytes are stuck or its FIN has been read already.</summary>
    public const bool SeesResetWithoutReading = true;

    /// <summary>Maps with the constant redirect.</summary>
    public static SpliceMaps CreateMaps() => new(SpliceMapsSize);

    public static ITransport Create() => BypassUnderTest.CreateTransport(new BypassOptions { ReadsBefore = 1 }, out _);

    /// <summary>Ends the test where the kernel's path is not to be had.</summary>
    public static void SkipWhereMissing() => BypassUnderTest.SkipWhereMissing();

    /// <summary>Bytes that the transport holds for slow readers.</summary>
    public static long HeldBytes(ITransport transport) => KernelRequirement.HeldBytes(transport);
}
