namespace TcpProxyConformance.Cli;

/// <summary>Exit codes, after sysexits.h where it has one.</summary>
internal static class ExitCode
{
    /// <summary>Every required case passed, is known to fail, or does not apply here.</summary>
    public const int Success = 0;

    /// <summary>A required case failed of which it was not known.</summary>
    public const int Failures = 1;

    /// <summary>EX_USAGE: the command line is wrong.</summary>
    public const int Usage = 64;

    /// <summary>EX_NOINPUT: a file cannot be read.</summary>
    public const int NoInput = 66;

    /// <summary>EX_UNAVAILABLE: the upstream's port cannot be bound, or nothing comes through the proxy.</summary>
    public const int Unavailable = 69;
}
