namespace Sluice.Redirect;

/// <summary>A system call failed where nothing sensible could be done but to stop: the call and its errno.</summary>
public sealed class LinuxException(string call, Errno errno) : Exception($"{call} failed with {errno} ({(int)errno})")
{
    /// <summary>The errno it failed with.</summary>
    public Errno Errno { get; } = errno;
}
