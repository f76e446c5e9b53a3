using System.ComponentModel;
using System.Diagnostics;
using Sluice.Functional;

[assembly: AssemblyFixture(typeof(KernelLogFixture))]

namespace Sluice.Functional;

/// <summary>Fails the run if the kernel has complained of itself meanwhile. Where its log may not be read it sees nothing.</summary>
public sealed class KernelLogFixture : IAsyncLifetime
{
    private static readonly string[] _complaints = ["WARNING:", "BUG:", "Oops", "general protection fault", "refcount_t", "soft lockup", "rcu_sched"];
    private string? _last;

    public async ValueTask InitializeAsync() => _last = (await ReadAsync()).LastOrDefault();

    public async ValueTask DisposeAsync()
    {
        string[] log = await ReadAsync();
        string[] meanwhile = log[(Array.LastIndexOf(log, _last) + 1)..];
        Assert.False(
            meanwhile.Any(line => _complaints.Any(complaint => line.Contains(complaint, StringComparison.Ordinal))),
            $"The kernel's log:\n{string.Join('\n', meanwhile)}");
    }

    private static async Task<string[]> ReadAsync()
    {
        try
        {
            using Process dmesg = Process.Start(new ProcessStartInfo("dmesg") { RedirectStandardOutput = true, RedirectStandardError = true })!;
            string log = await dmesg.StandardOutput.ReadToEndAsync();
            await dmesg.WaitForExitAsync();
            return log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Win32Exception)
        {
            return []; // there is no dmesg
        }
    }
}
