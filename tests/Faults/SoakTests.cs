using Sluice.Programs.Processes;

namespace Sluice.Faults;

/// <summary>tests/Soak in its short form, and that it sees a leak.</summary>
public sealed class SoakTests
{
    // Where the project of the same configuration is built.
    private static readonly string Soak = AppContext.BaseDirectory.Replace($"{Path.DirectorySeparatorChar}Faults{Path.DirectorySeparatorChar}", $"{Path.DirectorySeparatorChar}Soak{Path.DirectorySeparatorChar}", StringComparison.Ordinal) + "Soak";

    [Fact(Timeout = 400_000)]
    public async Task NothingGrowsInTwoMinutes()
    {
        (int code, string output) = await RunAsync("--for", "2m", "--offload", "sockmap");
        TestContext.Current.TestOutputHelper!.WriteLine(output);
        Assert.True(code == 0, output);
    }

    [Fact(Timeout = 200_000)]
    public async Task WhatIsLeftOpenIsSeen()
    {
        (int code, string output) = await RunAsync("--for", "15s", "--forget", "3");
        Assert.True(code == 1, output);
        foreach (string grown in (string[])["descriptors", "map entries", "timers", "connections"])
            Assert.Contains($"FAULT: {grown} grew", output, StringComparison.Ordinal);
        Assert.DoesNotContain("FAULT: threads", output, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        await using var child = new Child(Soak, arguments);
        int code = await child.ExitAsync();
        return (code, child.Output);
    }
}
