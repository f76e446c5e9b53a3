namespace Sluice.ProxyHost.Cli;

/// <summary>Exit codes, after sysexits.h where it has one.</summary>
public static class ExitCode
{
    /// <summary>All went as asked.</summary>
    public const int Success = 0;

    /// <summary>healthcheck: not ready.</summary>
    public const int NotReady = 1;

    /// <summary>doctor: the kernel is not trusted with connections.</summary>
    public const int NotTrusted = 2;

    /// <summary>EX_USAGE: the command line or the configuration is wrong; nothing was bound.</summary>
    public const int Usage = 64;

    /// <summary>EX_NOINPUT: the configuration file cannot be read.</summary>
    public const int NoInput = 66;

    /// <summary>EX_UNAVAILABLE: the configuration is valid, yet something it needs, such as a port, cannot be had. top: the daemon does not answer.</summary>
    public const int Unavailable = 69;
}
