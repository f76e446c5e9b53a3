using Sluice.Redirect.Splicing.Kernel.Preflight;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>What these tests may ask of the kernel, and processes that may ask less.</summary>
internal static class Rights
{
    /// <summary>Starts a process that may not make the kernel's programs; nothing where this one may not either.</summary>
    public static string[] WithoutBpf { get; } = KernelFacts.Read().MissingCapabilities.IsEmpty ? ["setpriv", "--bounding-set", "-bpf,-sys_admin"] : [];

    /// <summary>Skips a test where the kernel may not be asked, and fails it where SLUICE_REQUIRE_KERNEL=1.</summary>
    public static void RequireKernel()
    {
        bool required = Environment.GetEnvironmentVariable("SLUICE_REQUIRE_KERNEL") == "1";
        string missing = string.Join(", ", KernelFacts.Read().MissingCapabilities);
        Assert.False(missing.Length > 0 && required, $"{missing} missing, and SLUICE_REQUIRE_KERNEL=1");
        Assert.SkipWhen(missing.Length > 0, $"the kernel's path takes {missing}");
    }
}
