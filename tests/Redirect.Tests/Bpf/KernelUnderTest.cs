using Sluice.Redirect.Bpf;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Tests.Bpf;

/// <summary>The running kernel as a judge of programs. Where it lets nobody load any, tests are skipped, or fail where it is required.</summary>
internal static class KernelUnderTest
{
    private static readonly Lazy<string?> Obstacle = new(FindObstacle);

    public static void Require()
    {
        bool required = Environment.GetEnvironmentVariable("SLUICE_REQUIRE_KERNEL") == "1";
        Assert.False(Obstacle.Value is not null && required, $"{Obstacle.Value}, and SLUICE_REQUIRE_KERNEL=1");
        Assert.SkipWhen(Obstacle.Value is not null, Obstacle.Value ?? "");
    }

    /// <summary>Loads a program; what the verifier refuses fails the test with its log and our listing.</summary>
    public static BpfProgram Load(ProgramImage image, BpfProgramType type = BpfProgramType.SkSkb, uint attachType = 0, Func<string, int>? maps = null)
    {
        Errno errno = BpfProgram.Load(type, "test", image.Resolve(maps ?? NoMap), attachType, out BpfProgram? program, out string log);
        Assert.True(program is not null, $"{errno}\n{log[Math.Max(0, log.Length - 4000)..]}\n{image.Listing}");
        return program!;
    }

    /// <summary>What the verifier says to a program that it has to refuse.</summary>
    public static string LogOf(ProgramImage image, Func<string, int>? maps = null)
    {
        Errno errno = BpfProgram.Load(BpfProgramType.SkSkb, "test", image.Resolve(maps ?? NoMap), 0, out BpfProgram? program, out string log);
        program?.Dispose();
        Assert.NotEqual(Errno.None, errno);
        return log;
    }

    private static int NoMap(string name) => throw new InvalidOperationException($"The program has no map {name}");

    private static string? FindObstacle()
    {
        var a = new Assembler();
        a.Move(Register.R0, 1);
        a.Exit();
        Errno errno = BpfProgram.Load(BpfProgramType.SkSkb, "test", a.Build().Resolve(NoMap), 0, out BpfProgram? program, out _);
        program?.Dispose();
        return errno == Errno.None ? null : $"bpf(BPF_PROG_LOAD) of an sk_skb program failed with {errno}: it takes CAP_BPF and CAP_NET_ADMIN";
    }
}
