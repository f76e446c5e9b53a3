using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Tests.Linux;

/// <summary>Tests that count what this process holds of the kernel, and so run with no other test beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class KernelObjects
{
    public const string Name = "kernel objects";
}

/// <summary>
/// A test that needs bpf(2). It is skipped without the rights, or fails where SLUICE_REQUIRE_KERNEL=1; and it fails where it
/// leaves a descriptor or a mapping of a map, program, link or type behind.
/// </summary>
[Collection(KernelObjects.Name)]
public abstract class KernelTest : IDisposable
{
    private static readonly Lazy<string?> Obstacle = new(FindObstacle);

    private readonly string[] _before;

    protected KernelTest()
    {
        bool required = Environment.GetEnvironmentVariable("SLUICE_REQUIRE_KERNEL") == "1";
        Assert.False(Obstacle.Value is not null && required, $"{Obstacle.Value}, and SLUICE_REQUIRE_KERNEL=1");
        Assert.SkipWhen(Obstacle.Value is not null, Obstacle.Value ?? "");
        _before = Held();
    }

    public void Dispose()
    {
        Assert.Equal(_before, Held());
        GC.SuppressFinalize(this);
    }

    internal static BpfMap Map(BpfMapType type, uint keySize, uint valueSize, uint entries = 8, uint flags = 0)
    {
        Assert.Equal(Errno.None, BpfMap.Create(type, "test", keySize, valueSize, entries, flags, out BpfMap? map));
        return map!;
    }

    private static string? FindObstacle()
    {
        Errno errno = BpfMap.Create(BpfMapType.SockHash, "probe", 4, 8, 1, 0, out BpfMap? map);
        map?.Dispose();
        return errno == Errno.None ? null : $"bpf(BPF_MAP_CREATE) for a sockhash failed with {errno}: it takes CAP_BPF and CAP_NET_ADMIN";
    }

    private static string[] Held() =>
    [
        .. Directory.EnumerateFiles("/proc/self/fd").Select(path => new FileInfo(path).LinkTarget ?? "").Where(IsOurs).Order(),
        .. File.ReadLines("/proc/self/maps").Where(IsOurs).Select(line => line[line.IndexOf("anon_inode", StringComparison.Ordinal)..]),
    ];

    private static bool IsOurs(string name) =>
        name.Contains("anon_inode:bpf", StringComparison.Ordinal) || name.Contains("anon_inode:btf", StringComparison.Ordinal);
}
