using Sluice.Redirect;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing.Bypass;
using Sluice.Redirect.Transports;

namespace Sluice.Functional;

/// <summary>
/// The bypass for tests. Where this kernel or this process's rights do not have it, tests are skipped, or fail where the kernel is
/// required.
/// </summary>
internal static class BypassUnderTest
{
    private static readonly Lazy<string?> Obstacle = new(FindObstacle);

    /// <summary>A transport that offers its connections, and the engine whose counters tell what became of them.</summary>
    public static ReactorTransport CreateTransport(BypassOptions options, out BypassEngine engine, ReactorTransportOptions? reactors = null)
    {
        engine = CreateEngine(options);
        return new ReactorTransport(
            reactors ?? new ReactorTransportOptions { Reactors = 2 },
            offloadFailed: (failure, log) => Assert.Fail($"the kernel refused: {failure}\n{log}"), bypass: engine);
    }

    public static BypassEngine CreateEngine(BypassOptions options)
    {
        SkipWhereMissing();
        Assert.Equal(Errno.None, BypassEngine.TryCreate(options, out BypassEngine? engine));
        return engine!;
    }

    /// <summary>Ends the test where the bypass is not to be had.</summary>
    public static void SkipWhereMissing() => KernelRequirement.SkipWhere(Obstacle.Value);

    private static string? FindObstacle()
    {
        Errno errno = BypassEngine.TryCreate(new BypassOptions(), out BypassEngine? engine);
        if (errno != Errno.None)
            return $"the kernel's BTF does not tell what the bypass must know: {errno}";

        errno = BypassMaps.TryCreate(engine!.Fields, 2, null, null, out BypassMaps? maps, out string log);
        maps?.Dispose();
        return errno is Errno.EPERM or Errno.EACCES && log.Length == 0
            ? $"bpf(2) failed with {errno}: it takes CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON"
            : null; // anything else is for the tests to fail with
    }
}
