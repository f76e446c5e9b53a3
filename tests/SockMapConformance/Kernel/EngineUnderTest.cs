using Sluice.Redirect;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Verdicts;

namespace Sluice.SockMapConformance.Engine;

/// <summary>Which engine this project tests. Where the kernel refuses, tests are skipped, or fail where it is required.</summary>
internal static class EngineUnderTest
{
    private static readonly KernelEngine Instance = new();
    private static readonly Lazy<string?> Obstacle = new(FindObstacle);

    public static IEngine Get()
    {
        bool required = Environment.GetEnvironmentVariable("SLUICE_REQUIRE_KERNEL") == "1";
        Assert.False(Obstacle.Value is not null && required, $"{Obstacle.Value}, and SLUICE_REQUIRE_KERNEL=1");
        Assert.SkipWhen(Obstacle.Value is not null, Obstacle.Value ?? "");
        return Instance;
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
