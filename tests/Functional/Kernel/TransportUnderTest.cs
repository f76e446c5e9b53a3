using Sluice.Redirect;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Splicing.Kernel;
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

    public static ITransport Create() => Create(new OffloadOptions { ReadsBefore = 1, Memory = 8L * 1024 * 1024 * 1024 }, out _);

    /// <summary>A transport, and the engine whose counters tell what became of its connections.</summary>
    public static ReactorTransport Create(OffloadOptions options, out KernelEngine engine) =>
        Create(options, new ReactorTransportOptions { Reactors = 2 }, out engine);

    /// <inheritdoc cref="Create(OffloadOptions, out KernelEngine)"/>
    public static ReactorTransport Create(OffloadOptions options, ReactorTransportOptions reactors, out KernelEngine engine)
    {
        bool required = Environment.GetEnvironmentVariable("SLUICE_REQUIRE_KERNEL") == "1";
        Errno errno = KernelEngine.TryCreate(options, out KernelEngine? created);
        string? obstacle = errno == Errno.None ? null : $"the kernel's BTF cannot be read: {errno}";
        Assert.False(obstacle is not null && required, $"{obstacle}, and SLUICE_REQUIRE_KERNEL=1");
        Assert.SkipWhen(obstacle is not null, obstacle ?? "");
        engine = created!;
        return new ReactorTransport(
            reactors, engine,
            (failure, log) => Assert.Fail($"the kernel refused: {failure}\n{log}"));
    }

    /// <summary>Bytes that the transport holds for slow readers.</summary>
    public static long HeldBytes(ITransport transport) => ((ReactorTransport)transport).Reactors.Sum(reactor => reactor.HeldBytes);
}
