using Sluice.Redirect;

namespace Sluice.ProxyHost.Upstreams.Health;

/// <summary>The outcome of one probe.</summary>
/// <param name="ErrorType">As metrics name it: an errno, or one of the words here; null when all was well.</param>
/// <param name="Trouble">The same in words; null when all was well.</param>
/// <param name="Errno">None where that has no errno.</param>
internal readonly record struct ProbeResult(string? ErrorType, string? Trouble, Errno Errno)
{
    /// <summary>There is no address to probe.</summary>
    public const string NameResolution = "name_resolution";

    /// <summary>The endpoint answered something else than it should.</summary>
    public const string UnexpectedAnswer = "unexpected_answer";

    /// <summary>The endpoint closed before it had answered.</summary>
    public const string Closed = "closed";

    /// <summary>All was well.</summary>
    public static ProbeResult Good => default;

    /// <summary>Whether all was well.</summary>
    public bool IsGood => ErrorType is null;

    /// <summary>A system call failed.</summary>
    public static ProbeResult Of(Errno errno, string during) => new(errno.ToString(), $"{during}: {errno}", errno);
}
