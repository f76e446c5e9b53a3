using Sluice.Redirect.Maps;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Splicing;

/// <summary>
/// The constant redirect: everything goes to the socket that a sockhash has under the 4-tuple of the socket it arrived at, as
/// extract_socket_key and bpf_sk_redirect_hash do it in Documentation/bpf/map_sockmap.rst. The splicer recognises it and moves
/// the bytes without running it.
/// </summary>
public sealed class ConstantRedirect : IVerdictProgram
{
    private readonly SockHash _map;

    internal ConstantRedirect(SockHash map) => _map = map;

    /// <inheritdoc/>
    public Verdict Run(Message message) => message.Redirect(_map, message.Context.Key);
}
