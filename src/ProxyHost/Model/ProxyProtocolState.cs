using Sluice.ProxyHost.Configuration;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Transports;

namespace Sluice.ProxyHost.Model;

/// <summary>What a listener expects of PROXY headers, ready to be asked for each connection. Immutable.</summary>
internal sealed class ProxyProtocolState(ProxyProtocolConfig config)
{
    private readonly PrefixSet _trusted = new(config.Trusted);

    /// <summary>True when no connection goes on without a header.</summary>
    public bool IsRequired { get; } = config.Mode == ProxyProtocolMode.Required;

    /// <summary>How long a header may be, and take.</summary>
    public PreludeLimits Limits { get; } = new(config.MaxBytes, config.Timeout);

    /// <summary>Of a listener; null where it expects none.</summary>
    public static ProxyProtocolState? Of(ListenerConfig listener) =>
        listener.ProxyProtocol is { Mode: not ProxyProtocolMode.Off } config ? new(config) : null;

    /// <summary>Whether a header from this address is believed.</summary>
    public bool Trusts(UInt128 address) => _trusted.Contains(address);
}
