using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Model.Discovery;

/// <summary>Makes endpoints of what is configured and of what names lead to.</summary>
internal static class DiscoveredEndpoints
{
    /// <summary>
    /// In the order of the configuration, the addresses of a name in the order of their numbers: answers that only differ in their
    /// order are the same. An address that a name has twice is one endpoint.
    /// </summary>
    public static IReadOnlyList<EndpointConfig> Of(ClusterConfig config, IReadOnlyList<DiscoveredName> names)
    {
        List<EndpointConfig> all = [];
        HashSet<string> known = [];
        foreach (EndpointConfig endpoint in config.Endpoints)
        {
            if (endpoint.Kind != EndpointKind.HostName)
                all.Add(endpoint);
            else if (names.FirstOrDefault(name => name.Text == endpoint.Text) is { } name)
                all.AddRange(name.Standing.Addresses.Select(address => Of(endpoint, address)).OrderBy(one => one.Text, StringComparer.Ordinal).Where(one => known.Add(one.Text)));
        }

        return all;
    }

    private static EndpointConfig Of(EndpointConfig name, DiscoveredAddress address) =>
        new($"{address.Host}:{address.EndPoint.Port}/{address.EndPoint.Address}", EndpointKind.Ip, address.Host, 0, address.EndPoint)
        {
            Weight = address.Weight ?? name.Weight,
            Priority = Math.Min(name.Priority + address.Tier, EndpointConfig.LastPriority),
            MaxConnections = name.MaxConnections,
        };
}
