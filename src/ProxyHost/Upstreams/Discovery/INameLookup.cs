using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model.Discovery;

namespace Sluice.ProxyHost.Upstreams.Discovery;

/// <summary>Finds out what names lead to. Safe from any thread.</summary>
internal interface INameLookup
{
    /// <summary>One look-up. Whatever may be the matter with a name or a resolver is a value; only being stopped throws.</summary>
    Task<LookupResult> LookUpAsync(DiscoveredName name, DiscoveryConfig config, CancellationToken stop);
}
