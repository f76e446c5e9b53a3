namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>How connections are given to the bypass.</summary>
public sealed record BypassOptions
{
    /// <summary>
    /// How often a connection's sockets must have been read empty before its directions are promoted, at least 1. Default 16: a short
    /// connection is over before what the promotion costs would pay.
    /// </summary>
    public int ReadsBefore { get; init; } = 16;

    /// <summary>
    /// Whether bytes go into the receiver's own queue where both ends are on this host, past all TCP: docs/decisions/0030 tells what the
    /// applications see of it. Default false.
    /// </summary>
    public bool UseIngress { get; init; }

    /// <summary>
    /// Connections a reactor may have in its maps, 1 to 65,536. Default 16,384, for which the kernel takes some 5 MB for each reactor; those beyond
    /// go the ordinary way.
    /// </summary>
    public int PairsPerReactor { get; init; } = 16 * 1024;
}
