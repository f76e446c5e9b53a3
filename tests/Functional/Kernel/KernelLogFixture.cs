using System.ComponentModel;
using System.Diagnostics;
using Sluice.Functional;

[assembly: AssemblyFixture(typeof(KernelLogFixture))]

namespace Sluice.Functional;

/// <summary>
/// Fails the run if the kernel has complained of itself meanwhile. Where its log may not be read it sees nothing, nor what the
/// kernel says but once a boot and has said before. What docs/decisions/0032 explains is no news.
/// </summary>
public sealed class KernelLogFixture : IAsyncLifetime
{
    private static readonly string[] _complaints = ["WARNING:", "BUG:", "Oops", "general protection fault", "refcount_t", "soft lockup", "rcu_sched"];

    // A send that TCP has no memory for, behind bytes that were charged without asking.
    private static readonly string[] _explained = ["/ucopysize.h:", " tcp_sendmsg_locked+"];
    private string? _last;

    public async ValueTask InitializeAsync() => _last = (await ReadAsync()).LastOrDefault();

    public async ValueTask DisposeAsync()
    {
        string[] log = await ReadAsync();
        string[] meanwhile = log[(Array.LastIndexOf(log, _last) + 1)..];
        Assert.False(
            meanwhile.Any(line => _complaints.Any(complaint => line.Contains(complaint, StringComparison.Ordinal)) && !_explained.All(part => line.Contains(part, StringComparison.Ordinal))),
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
