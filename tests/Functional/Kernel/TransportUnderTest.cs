using Sluice.Redirect.Splicing;
using Sluice.Redirect.Transports;

namespace Sluice.Functional;

/// <summary>Which transport this project compiles the functional suite for: every connection goes to the kernel as soon as it may.</summary>
internal static class TransportUnderTest
{
    private const int SpliceMapsSize = 20_000;

    public const string Name = "kernel";

    /// <summary>Whether an RST is passed on although its sender's bytes are stuck or its FIN has been read already.</summary>
    public const bool SeesResetWithoutReading = true;

    /// <summary>Maps with the constant redirect.</summary>
    public static SpliceMaps CreateMaps() => new(SpliceMapsSize);

    public static ITransport Create() => KernelUnderTest.CreateTransport(KernelUnderTest.AtOnce, out _);

    /// <summary>Ends the test where the kernel's path is not to be had.</summary>
    public static void SkipWhereMissing() => KernelUnderTest.SkipWhereMissing();

    /// <summary>Bytes that the transport holds for slow readers.</summary>
    public static long HeldBytes(ITransport transport) => KernelRequirement.HeldBytes(transport);
}
