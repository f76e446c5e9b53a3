namespace Sluice.Redirect.Splicing.Kernel.Preflight;

/// <summary>Makes trials.</summary>
internal static class Trial
{
    /// <summary>The check that a trial is. <paramref name="evidence"/> ends what it says where it fails.</summary>
    internal static PreflightCheck Try(
        string name,
        Func<string> trial,
        string advice = "Set `offload: off`, and report the kernel's release and this line.",
        Func<string>? evidence = null)
    {
        try
        {
            return PreflightCheck.Passed(name, trial());
        }
        catch (CheckFailedException failure)
        {
            return PreflightCheck.Failed(name, failure.Message + evidence?.Invoke(), advice);
        }
        catch (System.Net.Sockets.SocketException failure)
        {
            return PreflightCheck.Failed(name, $"loopback fails: {failure.SocketErrorCode}", "Look at whether loopback works and descriptors are left.");
        }
    }
}
