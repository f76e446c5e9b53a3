using Sluice.Redirect;
using Sluice.Redirect.Linux;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing.Kernel;
using Sluice.Redirect.Transports;

namespace Sluice.Functional;

/// <summary>
/// The kernel's path for tests. Where this kernel or this process's rights do not have it, tests are skipped, or fail where it is
/// required.
/// </summary>
internal static class KernelUnderTest
{
    private static readonly Lazy<string?> Obstacle = new(FindObstacle);

    /// <summary>Every connection is offered at once, and there is memory for all of them.</summary>
    public static OffloadOptions AtOnce { get; } = new() { ReadsBefore = 1, Memory = 8L * 1024 * 1024 * 1024 };

    /// <summary>A transport that offers its connections, and the engine whose counters tell what became of them.</summary>
    public static ReactorTransport CreateTransport(OffloadOptions options, out KernelEngine engine, ReactorTransportOptions? reactors = null)
    {
        engine = CreateEngine(options);
        return new ReactorTransport(
            reactors ?? new ReactorTransportOptions { Reactors = 2 }, engine,
            (failure, log) => Assert.Fail($"the kernel refused: {failure}\n{log}"));
    }

    public static KernelEngine CreateEngine(OffloadOptions options)
    {
        SkipWhereMissing();
        Assert.Equal(Errno.None, KernelEngine.TryCreate(options, out KernelEngine? engine));
        return engine!;
    }

    /// <summary>Ends the test where the kernel's path is not to be had.</summary>
    public static void SkipWhereMissing() => KernelRequirement.SkipWhere(Obstacle.Value);

    // The splice program takes all the rights there are to take.
    private static string? FindObstacle()
    {
        Errno errno = KernelEngine.TryCreate(new OffloadOptions(), out KernelEngine? engine);
        if (errno != Errno.None)
            return $"the kernel's BTF cannot be read: {errno}";

        errno = BpfMap.Create(BpfMapType.RingBuffer, "sluice_events", 0, 0, (uint)Environment.SystemPageSize, 0, out BpfMap? events);
        SpliceTable? table = null;
        SpliceSockets? sockets = null;
        string log = "";
        if (errno == Errno.None)
            errno = SpliceTable.TryCreate(1, out table);
        if (errno == Errno.None)
            errno = SpliceSockets.TryCreate(engine!, table!, events!, default, out sockets, out log);
        sockets?.Dispose();
        table?.Dispose();
        events?.Dispose();
        engine!.Dispose();
        return errno is Errno.EPERM or Errno.EACCES && log.Length == 0
            ? $"bpf(2) failed with {errno}: it takes CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON"
            : null; // anything else is for the tests to fail with
    }
}
