using Sluice.Redirect;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Verdicts;
using Sluice.SockMapConformance.Behaviour;

namespace Sluice.SockMapConformance.Engine;

/// <summary>Which engine this project tests. Where the kernel refuses, tests are skipped, or fail where it is required.</summary>
internal static class EngineUnderTest
{
    private static readonly KernelEngine Instance = new();
    private static readonly Lazy<string?> Obstacle = new(FindObstacle);

    public static IVerdictEngine Verdicts { get; } = new KernelVerdictEngine();

    public static IEngine Get()
    {
        Require();
        return Instance;
    }

    /// <summary>Skips the test, or fails it, where the kernel refuses.</summary>
    public static void Require()
    {
        bool required = Environment.GetEnvironmentVariable("SLUICE_REQUIRE_KERNEL") == "1";
        Assert.False(Obstacle.Value is not null && required, $"{Obstacle.Value}, and SLUICE_REQUIRE_KERNEL=1");
        Assert.SkipWhen(Obstacle.Value is not null, Obstacle.Value ?? "");
    }

    private static string? FindObstacle()
    {
        Errno errno = Instance.Create(MapKind.SockHash, SocketKey.Size, 8, 1, out IMap? map);
        map?.Dispose();
        if (errno != Errno.None)
            return $"bpf(BPF_MAP_CREATE) for a sockhash failed with {errno}: it takes CAP_BPF and CAP_NET_ADMIN";

        errno = KernelEngine.TryLoadPass(AttachType.SkMsgVerdict, out IProgram? program);
        program?.Dispose();
        return errno == Errno.None ? null : $"bpf(BPF_PROG_LOAD) of an sk_msg program failed with {errno}: it takes CAP_BPF and CAP_NET_ADMIN";
    }
}
