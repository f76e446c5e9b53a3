using System.Collections.Immutable;
using System.Net;

namespace Sluice.ProxyHost.Configuration;

/// <summary>What a listener expects of PROXY headers.</summary>
/// <param name="Mode">Default required.</param>
/// <param name="Trusted">The proxies whose headers are believed. A unix socket is reached by whom its permissions let, who is trusted.</param>
/// <param name="Timeout">How long a header may take, 1 ms to 1 h. Default 5 s.</param>
/// <param name="MaxBytes">The longest header that is accepted, 107 B to 64 KiB. Default 4 KiB.</param>
public sealed record ProxyProtocolConfig(ProxyProtocolMode Mode, ImmutableArray<IPNetwork> Trusted, TimeSpan Timeout, int MaxBytes);

/// <summary>Whether connections begin with a PROXY header.</summary>
public enum ProxyProtocolMode
{
    /// <summary>They do not; bytes that look like one are data.</summary>
    Off,
    /// <summary>Those of trusted sources may.</summary>
    Optional,
    /// <summary>All do, and none but trusted sources connect.</summary>
    Required,
}
