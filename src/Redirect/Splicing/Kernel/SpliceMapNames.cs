using Sluice.Redirect.Bpf;

namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>The maps of the splice program by the names they have in it.</summary>
internal static class SpliceMapNames
{
    /// <summary>A hash: the cookie of a socket leads to the index of its record.</summary>
    internal static readonly MapReference Slots = new("slots");

    /// <summary>An array, mapped: the records, one for each socket that bytes come from.</summary>
    internal static readonly MapReference Records = new("records");

    /// <summary>
    /// A sockmap: the sockets that are redirected to, each at the index of its own record. The other socket of a pair has the index
    /// with the lowest bit flipped.
    /// </summary>
    internal static readonly MapReference Sockets = new("sockets");

    /// <summary>A ring buffer: <see cref="SpliceEvent"/>s.</summary>
    internal static readonly MapReference Events = new("events");
}
