using Sluice.Redirect.Bpf;

namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>The maps of the bypass by the names they have in its programs.</summary>
internal static class BypassMapNames
{
    /// <summary>A sockhash with the send program: applications' sockets, each under its direction's key.</summary>
    internal static readonly MapReference Senders = new("senders");

    /// <summary>A sockhash without programs: the proxy's sockets that are redirected to, each under its direction's key.</summary>
    internal static readonly MapReference Sinks = new("sinks");

    /// <summary>Socket storage: a <see cref="SenderLayout"/> for each application's socket.</summary>
    internal static readonly MapReference Storage = new("storage");

    /// <summary>An array, mapped: a <see cref="BypassRecord"/> for each direction.</summary>
    internal static readonly MapReference Records = new("records");
}
