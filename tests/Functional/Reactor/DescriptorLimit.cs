using System.Diagnostics;
using System.Globalization;
using Sluice.Functional.Wire;

namespace Sluice.Functional;

/// <summary>
/// Lowers and restores this process's descriptor limit through prlimit(1). The shell that runs it is started while there
/// are descriptors to start it with.
/// </summary>
internal sealed class DescriptorLimit : IDisposable
{
    private readonly Process _shell = Process.Start(
        new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    private bool _lowered;

    /// <summary>From now on every new descriptor is refused with EMFILE; those that exist stay.</summary>
    public async Task ForbidMoreAsync()
    {
        _lowered = true;
        await RunAsync($"before=$(prlimit --pid {Environment.ProcessId} --nofile --output SOFT --noheadings)");
        await RunAsync(string.Create(CultureInfo.InvariantCulture, $"prlimit --pid {Environment.ProcessId} --nofile=3:"));
    }

    public async Task RestoreAsync()
    {
        await RunAsync(string.Create(CultureInfo.InvariantCulture, $"prlimit --pid {Environment.ProcessId} --nofile=$before:"));
        _lowered = false;
    }

    public void Dispose()
    {
        if (_lowered)
            RestoreAsync().GetAwaiter().GetResult();
        _shell.StandardInput.Close();
        _shell.WaitForExit();
        _shell.Dispose();
    }

    private async Task RunAsync(string command)
    {
        await _shell.StandardInput.WriteLineAsync($"{command}; echo $?");
        await _shell.StandardInput.FlushAsync();
        Assert.Equal("0", await _shell.StandardOutput.ReadLineAsync(Deadline.Token).AsTask().OrHung(command));
    }
}
